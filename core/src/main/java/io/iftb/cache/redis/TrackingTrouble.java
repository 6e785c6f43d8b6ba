package io.iftb.cache.redis;

import java.util.EnumSet;
import java.util.Set;

/**
 * Why tracking does not stand.
 *
 * @param sentence names the server, what happened and the remedy
 * @param kind when to try again, and whether somebody has to know
 */
record TrackingTrouble(String sentence, Kind kind) {

    /** What follows from trouble. */
    enum Kind {
        /** it is tried again soon */
        PASSING,
        /** it is tried again soon, but should never happen */
        ODD,
        /** it stays so until somebody changes the server or the settings */
        LASTING;

        static Kind of(String said) {
            return ServerError.in(said).filter(PASSING_ERRORS::contains).isPresent() ? PASSING : LASTING;
        }
    }

    private static final Set<ServerError> PASSING_ERRORS = EnumSet.of(
            ServerError.MASTERDOWN,
            ServerError.READONLY,
            ServerError.LOADING,
            ServerError.UNKILLABLE,
            ServerError.BUSY,
            ServerError.TRYAGAIN);

    private static final String RIGHTS =
            "near caches need +hello +role +client|tracking +client|trackinginfo &__redis__:invalidate";

    /** The connection was lost, or could not be made. */
    static TrackingTrouble lost(String server, String how) {
        return new TrackingTrouble(
                "the connection to Redis at " + server + " that hears which keys change " + how
                        + "; it is made again, check the server if this lasts",
                Kind.PASSING);
    }

    /**
     * What the server said at the login has a sentence of its own.
     *
     * @param mayChange whether the password may be another one soon
     */
    static TrackingTrouble refusedLogin(String sentence, String said, boolean mayChange) {
        boolean isOfPassword =
                ServerError.in(said).filter(ServerError.WRONGPASS::equals).isPresent();
        return new TrackingTrouble(sentence, mayChange && isOfPassword ? Kind.ODD : Kind.of(said));
    }

    /** The server refused a command, so it cannot track keys for this user. */
    static TrackingTrouble refused(String server, String command, String said) {
        ServerError error = ServerError.in(said).orElse(null);
        if (error == ServerError.NOPERM) {
            return new TrackingTrouble(
                    "Redis at " + server + " does not let this user call " + command + "; grant it with ACL SETUSER: "
                            + RIGHTS,
                    Kind.LASTING);
        }
        if (error != null) {
            return new TrackingTrouble(error.sentence(server, said), Kind.of(said));
        }
        return new TrackingTrouble(
                "the server at " + server + " refuses " + command
                        + ", so it cannot tell which keys change; use Redis 6.2 or later, or Valkey, without a proxy"
                        + " between",
                Kind.LASTING);
    }

    /** The server was made a replica of another. */
    static TrackingTrouble demoted(String server) {
        return new TrackingTrouble(ServerError.READONLY.sentence(server, ""), Kind.PASSING);
    }

    /** The server answers, but not as Redis does. */
    static TrackingTrouble wrong(String server, String what) {
        return wrong(server, what, Kind.LASTING);
    }

    /** What came on the connection is no answer of Redis. */
    static TrackingTrouble malformed(String server, String what) {
        return wrong(server, what, Kind.ODD);
    }

    private static TrackingTrouble wrong(String server, String what, Kind kind) {
        return new TrackingTrouble(
                "the server at " + server + " " + what + "; use Redis 6.2 or later, or Valkey, without a proxy between",
                kind);
    }
}
