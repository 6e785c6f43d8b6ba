package io.iftb.cache.jcache;

import io.iftb.cache.jcache.RequestFaultProxy.Strike;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a call, and how the call ends then: the table of expectations of the failure matrices. */
enum Fault {
    // strikes, while it reads, while it writes
    NONE(null, Ending.RESULT, Ending.RESULT, true),
    INTERRUPT_BEFORE(null, Ending.ANY, Ending.ANY, true),
    INTERRUPT_DURING(Strike.HOLD_REPLY, Ending.FAILED, Ending.UNKNOWN, true),
    INTERRUPT_AFTER(Strike.HOLD_REPLY, Ending.ANY, Ending.ANY, true),
    CANCEL(Strike.HOLD_REPLY, Ending.CANCELLED, Ending.CANCELLED, true),
    REPLY_LATE(Strike.HOLD_REPLY, Ending.RESULT, Ending.RESULT, true),
    REPLY_TOO_LATE(Strike.HOLD_REPLY, Ending.FAILED, Ending.UNKNOWN, false),
    REPLY_LOST(Strike.LOSE_REPLY, Ending.FAILED, Ending.UNKNOWN, false),
    REPLY_CUT(Strike.CUT_REPLY, Ending.RESULT, Ending.UNKNOWN, true),
    REQUEST_LATE(Strike.HOLD_REQUEST, Ending.FAILED, Ending.UNKNOWN, false),
    REQUEST_LOST(Strike.LOSE_REQUEST, Ending.FAILED, Ending.UNKNOWN, false),
    REQUEST_CUT(Strike.CUT_REQUEST, Ending.RESULT, Ending.UNKNOWN, true),
    CONNECTIONS_CLOSED(null, Ending.RESULT, Ending.ANY, true),
    SERVER_GONE(null, Ending.FAILED, Ending.ANY, false);

    /** How a call ends. */
    enum Ending {
        /** with its result: what it does is done */
        RESULT,
        /** with an exception that does not say unknown: nothing is changed */
        FAILED,
        /** with the exception that says unknown: its change may be made */
        UNKNOWN,
        /** with one of the above, as the moment decides: what it says is true */
        ANY,
        /** the stage is cancelled: its change may be made */
        CANCELLED
    }

    /** What the proxy does with the request that is struck; null if no request is. */
    final @Nullable Strike strike;

    private final Ending reading;
    private final Ending writing;

    /** Whether the call ends by itself long before its time is over. */
    final boolean endsAtOnce;

    Fault(@Nullable Strike strike, Ending reading, Ending writing, boolean endsAtOnce) {
        this.strike = strike;
        this.reading = reading;
        this.writing = writing;
        this.endsAtOnce = endsAtOnce;
    }

    /** How a call ends whose request of a kind, {@code R} or {@code W}, is struck. */
    Ending ending(char trip) {
        return trip == 'W' ? writing : reading;
    }

    /** Whether the thread of the caller is interrupted. */
    boolean interrupts() {
        return name().startsWith("INTERRUPT");
    }

    /** Whether all connections close, those that carry messages too. */
    boolean closesAll() {
        return this == CONNECTIONS_CLOSED || this == SERVER_GONE;
    }
}
