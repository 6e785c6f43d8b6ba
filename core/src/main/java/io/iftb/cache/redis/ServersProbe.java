package io.iftb.cache.redis;

import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Checks what an address leads to before the client library connects: the server, a node of the cluster, or the primary that
 * the sentinels name. Waits within the connect timeout while a failover goes on.
 *
 * @param login the login at the primaries, and at sentinels that want one
 * @param tls how to encrypt; null for plain text
 */
record ServersProbe(ServerUri uri, Login login, @Nullable Tls tls, Deadline deadline) {

    private static final long PAUSE_MILLIS = 100;

    /**
     * Returns what a sentinel has said; null without sentinels.
     *
     * @throws RedisServerException if they cannot be used; the message describes what was found
     */
    SentinelProbe.@Nullable Answer requirePrimary() {
        if (uri.mode() == ServerMode.SENTINEL) {
            return requireSentinelPrimary(String.valueOf(uri.name()));
        }
        ServerAddress answers = firstThatAnswers((node, limit) -> {
            probe(node, limit).requirePrimary();
            return node;
        });
        if (uri.mode() == ServerMode.CLUSTER && tls != null) {
            new NodeCertificates(uri, login, tls, deadline).require(answers);
        }
        return null;
    }

    private SentinelProbe.Answer requireSentinelPrimary(String name) {
        while (true) {
            SentinelProbe.Answer answer =
                    firstThatAnswers((node, limit) -> new SentinelProbe(node, probe(node, limit)).primary(name));
            try {
                probe(answer.primary(), deadline).requirePrimary();
                return answer;
            } catch (RedisUnavailableException e) {
                boolean isOfTls = tls != null && TlsFault.in(e, tls).isPresent();
                if (isOfTls || deadline.remainingNanos() < 2 * PAUSE_MILLIS * 1_000_000) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisServerException("interrupted while connecting to Redis at " + uri, e);
        }
    }

    private ServerProbe probe(ServerAddress node, Deadline limit) {
        return new ServerProbe(node, login, tls, limit, uri.mode());
    }

    /** Each node has a part of the time, so that a silent one leaves some for the others. */
    private <T> T firstThatAnswers(BiFunction<ServerAddress, Deadline, T> question) {
        RedisUnavailableException last = null;
        int left = uri.nodes().size();
        for (ServerAddress node : uri.nodes()) {
            try {
                Deadline limit =
                        left == 1 ? deadline : Deadline.after(Duration.ofNanos(deadline.remainingNanos() / left));
                left--;
                return question.apply(node, limit);
            } catch (RedisUnavailableException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        if (last == null) {
            throw new IllegalStateException("an address without nodes");
        }
        throw last;
    }
}
