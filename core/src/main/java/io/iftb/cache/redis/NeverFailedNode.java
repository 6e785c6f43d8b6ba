package io.iftb.cache.redis;

import org.redisson.client.FailedNodeDetector;

/**
 * Never takes a node for failed. The client library's own detector does three minutes after a ping that failed, if none has
 * succeeded since: then it closes a primary for some seconds at the first error, such as NOSCRIPT after a restart. Our {@link
 * Breaker} knows better.
 */
@SuppressWarnings("deprecation") // the interface asks for them still
final class NeverFailedNode implements FailedNodeDetector {

    static final NeverFailedNode INSTANCE = new NeverFailedNode();

    private NeverFailedNode() {}

    @Override
    public void onConnectSuccessful() {}

    @Override
    public void onConnectFailed() {}

    @Override
    public void onPingSuccessful() {}

    @Override
    public void onPingFailed() {}

    @Override
    public void onCommandSuccessful() {}

    @Override
    public void onCommandFailed(Throwable cause) {}

    @Override
    public boolean isNodeFailed() {
        return false;
    }
}
