package io.iftb.cache.redis;

/** Marks the place in the caller that waited for an asynchronous failure. */
final class CallSite extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private CallSite() {
        super("waited for here");
    }

    /** Adds the frames of the waiting caller to the stack trace. */
    static RuntimeException addTo(RuntimeException error) {
        error.addSuppressed(new CallSite());
        return error;
    }
}
