package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The errors that a real server is brought to say, and what a user is told of each. */
enum ServerWord {
    BUSY(Refused.ALL, "is busy with a script that runs too long") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("CONFIG", "SET", "lua-time-limit", "10");
            Thread busy = new Thread(() -> {
                try (RawRedis other = new RawRedis(address)) {
                    other.send("EVAL", "while true do end", "0");
                } catch (IllegalStateException killed) {
                    // as it should be
                }
            });
            busy.setDaemon(true);
            busy.start();
            await().until(() -> said(raw, "GET", "k").startsWith("-BUSY"));
        }

        @Override
        void end(RawRedis raw) {
            raw.send("SCRIPT", "KILL");
            await().until(() -> !said(raw, "GET", "k").startsWith("-BUSY"));
        }
    },
    READONLY(Refused.WRITES, "is a replica, which takes no writes") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("REPLICAOF", "127.0.0.1", "1");
        }

        @Override
        void end(RawRedis raw) {
            raw.send("REPLICAOF", "NO", "ONE");
        }
    },
    MASTERDOWN(Refused.ALL, "is a replica that has lost its primary") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("CONFIG", "SET", "replica-serve-stale-data", "no");
            raw.send("CONFIG", "SET", "replica-read-only", "no");
            raw.send("REPLICAOF", "127.0.0.1", "1");
        }

        @Override
        void end(RawRedis raw) {
            raw.send("REPLICAOF", "NO", "ONE");
            raw.send("CONFIG", "SET", "replica-serve-stale-data", "yes");
            raw.send("CONFIG", "SET", "replica-read-only", "yes");
        }
    },
    NOREPLICAS(Refused.WRITES, "has too few replicas in reach") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("CONFIG", "SET", "min-replicas-to-write", "1");
        }

        @Override
        void end(RawRedis raw) {
            raw.send("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    },
    OOM(Refused.SOME_WRITES, "is out of memory") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("CONFIG", "SET", "maxmemory", "1");
        }

        @Override
        void end(RawRedis raw) {
            raw.send("CONFIG", "SET", "maxmemory", "0");
        }
    },
    NOPERM(Refused.ALL, "does not let this user do that") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("ACL", "SETUSER", "operator", "on", ">operator", "~*", "&*", "+@all");
            raw.send("AUTH", "operator", "operator");
            raw.send("ACL", "SETUSER", "default", "-@read", "-@write", "-@scripting");
        }

        @Override
        void end(RawRedis raw) {
            raw.send("ACL", "SETUSER", "default", "+@all");
        }
    },
    NOAUTH(Refused.ALL, "requires a login") {
        @Override
        void begin(RawRedis raw, String address) {
            raw.send("CONFIG", "SET", "requirepass", "secret");
            raw.send("AUTH", "secret");
            String clients = new String((byte[]) Objects.requireNonNull(raw.send("CLIENT", "LIST")), UTF_8);
            // those that are still being opened have no name yet
            clients.lines()
                    .filter(line -> !line.contains("name=" + FailureBench.CONTROL))
                    .forEach(line -> {
                        String id = line.substring("id=".length(), line.indexOf(' '));
                        said(raw, "CLIENT", "KILL", "ID", id); // unless it has gone by itself
                    });
        }

        @Override
        void end(RawRedis raw) {
            raw.send("CONFIG", "SET", "requirepass", "");
        }
    };

    /** What a server refuses. */
    enum Refused {
        ALL,
        WRITES,
        /** writes that need memory */
        SOME_WRITES
    }

    final Refused refused;
    final String told;

    ServerWord(Refused refused, String told) {
        this.refused = refused;
        this.told = told;
    }

    /** Brings the server to say it. */
    abstract void begin(RawRedis raw, String address);

    /** Lets the server serve again. */
    abstract void end(RawRedis raw);

    private static String said(RawRedis raw, String... command) {
        try {
            @Nullable Object reply = raw.send((Object[]) command);
            return String.valueOf(reply);
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
