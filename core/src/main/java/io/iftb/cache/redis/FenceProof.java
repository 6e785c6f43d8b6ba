package io.iftb.cache.redis;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The test that each connection has to pass: a key is written on another connection, and when that is acknowledged, a fence
 * must come after the message that the key has changed. Runs in the thread of the connection.
 */
final class FenceProof {

    /** The key is under it. One prefix for all programs, since each prefix costs the server time for every write. */
    static final String PREFIX = "iftb-cache:fence:";

    private final String server;
    private final TrackingChannel channel;
    private final Function<String, CompletableFuture<?>> write;
    private final Predicate<String> isHere;
    private String key = "";
    private boolean heard;
    private @Nullable String unproven = "its fence is not tested yet";

    /**
     * @param write writes a key for a moment, on another connection
     * @param isHere whether a key is written to the server of this connection
     */
    FenceProof(
            String server,
            TrackingChannel channel,
            Function<String, CompletableFuture<?>> write,
            Predicate<String> isHere) {
        this.server = server;
        this.channel = channel;
        this.write = write;
        this.isHere = isHere;
    }

    /** Why fences are not to be trusted; null if the test was passed. */
    @Nullable
    String unproven() {
        return unproven;
    }

    void changed(String changedKey) {
        heard |= changedKey.equals(key);
    }

    /** Tests, and ends the connection if it fails. If the server does not let the key be written, nothing is known. */
    void run(Runnable next) {
        String chosen = keyHere();
        if (chosen == null) {
            channel.end(TrackingTrouble.lost(server, "leads to a server that has no slot now"));
            return;
        }
        heard = false;
        key = chosen;
        CompletableFuture<?> written;
        try {
            written = write.apply(key);
        } catch (RuntimeException closed) {
            written = CompletableFuture.failedFuture(closed);
        }
        var unused = written.whenComplete((done, error) -> channel.later(0, () -> written(error, next)));
    }

    /** A key whose slot is there, however few it has; null if none is. */
    private @Nullable String keyHere() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String unique = HexFormat.of().toHexDigits(random.nextLong());
        String anywhere = PREFIX + unique;
        if (isHere.test(anywhere)) {
            return anywhere;
        }
        int first = random.nextInt(Slots.COUNT);
        for (int i = 0; i < Slots.COUNT; i++) {
            String chosen = PREFIX + "{" + Slots.tag((first + i) % Slots.COUNT) + "}" + unique;
            if (isHere.test(chosen)) {
                return chosen;
            }
        }
        return null;
    }

    private void written(@Nullable Throwable error, Runnable next) {
        Throwable why = error == null ? null : FailureTranslator.unwrap(error);
        if (why == null) {
            channel.send(
                    (reply, sent) -> {
                        if (heard) {
                            unproven = null;
                            next.run();
                        } else {
                            // not for ever: the two connections may lead to different servers during a failover
                            channel.end(TrackingTrouble.malformed(
                                    server, "answers a fence before it says what has changed"));
                        }
                    },
                    List.of("PING"));
        } else if (why.getClass() == RedisServerException.class) {
            unproven = "no fence can be had, because its test needs to write keys " + PREFIX + "*: " + why.getMessage();
            next.run();
        } else {
            channel.end(TrackingTrouble.lost(server, "could not be tested: " + why.getMessage()));
        }
    }
}
