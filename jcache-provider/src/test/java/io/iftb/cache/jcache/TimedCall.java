package io.iftb.cache.jcache;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A call of an operation on one key, as its caller saw it. Values are positive; an absent entry is 0.
 *
 * @param key the key
 * @param kind the operation
 * @param value what it writes
 * @param expected the value that a conditional operation compares with
 * @param began the {@link System#nanoTime()} before it, which all JVMs of a machine share
 * @param ended the {@link System#nanoTime()} after it; {@link Long#MAX_VALUE} if its outcome is unknown
 * @param result what it returned: a value, or 1 for true
 */
record TimedCall(String key, Kind kind, long value, long expected, long began, long ended, long result)
        implements RecordedCall<Long> {

    /** The value of an absent entry. */
    static final long ABSENT = 0;

    private static final Set<Kind> REMOVALS =
            EnumSet.of(Kind.REMOVE, Kind.GET_AND_REMOVE, Kind.REMOVE_ALL, Kind.REMOVE_ALL_AGAIN);

    private static final String SEPARATOR = " ";

    /** The operations, each with its effect on the value of an entry. */
    enum Kind {
        GET {
            @Override
            long after(long now, TimedCall call) {
                return now;
            }
        },
        CONTAINS_KEY {
            @Override
            long after(long now, TimedCall call) {
                return now;
            }

            @Override
            long result(long now, TimedCall call) {
                return now == 0 ? 0 : 1;
            }
        },
        PUT {
            @Override
            long after(long now, TimedCall call) {
                return call.value;
            }

            @Override
            long result(long now, TimedCall call) {
                return 0;
            }
        },
        REMOVE {
            @Override
            long after(long now, TimedCall call) {
                return 0;
            }

            @Override
            long result(long now, TimedCall call) {
                return now == 0 ? 0 : 1;
            }
        },
        GET_AND_PUT {
            @Override
            long after(long now, TimedCall call) {
                return call.value;
            }
        },
        GET_AND_REMOVE {
            @Override
            long after(long now, TimedCall call) {
                return 0;
            }
        },
        PUT_IF_ABSENT {
            @Override
            long after(long now, TimedCall call) {
                return now == 0 ? call.value : now;
            }

            @Override
            long result(long now, TimedCall call) {
                return now == 0 ? 1 : 0;
            }
        },
        REPLACE_OLD {
            @Override
            long after(long now, TimedCall call) {
                return now == call.expected ? call.value : now;
            }

            @Override
            long result(long now, TimedCall call) {
                return now == call.expected ? 1 : 0;
            }
        },
        REMOVE_OLD {
            @Override
            long after(long now, TimedCall call) {
                return now == call.expected ? 0 : now;
            }

            @Override
            long result(long now, TimedCall call) {
                return now == call.expected ? 1 : 0;
            }
        },
        REPLACE {
            @Override
            long after(long now, TimedCall call) {
                return now == 0 ? 0 : call.value;
            }

            @Override
            long result(long now, TimedCall call) {
                return now == 0 ? 0 : 1;
            }
        },
        GET_AND_REPLACE {
            @Override
            long after(long now, TimedCall call) {
                return now == 0 ? 0 : call.value;
            }
        },
        /** by removeAll of some keys or of all, and by clear */
        REMOVE_ALL {
            @Override
            long after(long now, TimedCall call) {
                return 0;
            }

            @Override
            long result(long now, TimedCall call) {
                return 0;
            }
        },
        /** the server may give a key twice to who walks over all keys */
        REMOVE_ALL_AGAIN {
            @Override
            long after(long now, TimedCall call) {
                return 0;
            }

            @Override
            long result(long now, TimedCall call) {
                return 0;
            }
        },
        INCREMENT {
            @Override
            long after(long now, TimedCall call) {
                return now + 1;
            }

            @Override
            long result(long now, TimedCall call) {
                return now + 1;
            }
        };

        /** The value after the operation, if it was {@code now} before. */
        abstract long after(long now, TimedCall call);

        /** What the operation returns, if the value was {@code now}: that itself, unless it says otherwise. */
        long result(long now, TimedCall call) {
            return now;
        }
    }

    @Override
    public boolean isOptional() {
        return isUnknown() || kind == Kind.REMOVE_ALL_AGAIN;
    }

    @Override
    public Object effect() {
        boolean removes = REMOVALS.contains(kind);
        return List.of(removes ? Kind.REMOVE : kind, removes ? 0 : value, removes ? 0 : expected);
    }

    @Override
    public boolean fits(Long now) {
        return isUnknown() || kind.result(now, this) == result;
    }

    @Override
    public Long after(Long now) {
        return kind.after(now, this);
    }

    /** A line of text for {@link #parse}. */
    String line() {
        return String.join(
                SEPARATOR,
                key,
                kind.name(),
                Long.toString(value),
                Long.toString(expected),
                Long.toString(began),
                Long.toString(ended),
                Long.toString(result));
    }

    static TimedCall parse(String line) {
        String[] parts = line.split(SEPARATOR, -1);
        return new TimedCall(
                parts[0],
                Kind.valueOf(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]));
    }
}
