package io.iftb.cache.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that gets two seconds when the JVM exits: writes that were started and not answered. All threads of this library are
 * daemons, so a JVM exits once only they are left. They go on while it exits, and embedded servers stop after the work.
 *
 * <p>There is a shutdown hook only while work is registered. It closes nothing, since shutdown hooks of the program may still
 * need the connection.
 */
public final class WorkAtExit {

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How often all must be done, one after the other: between two parts of one operation nothing is under way. */
    private static final int CONFIRMATIONS = 5;

    private static final Set<Registration> REGISTERED = ConcurrentHashMap.newKeySet();
    private static @Nullable Thread hook;
    private static @Nullable Long deadline;

    private WorkAtExit() {}

    /**
     * Registers work until the result is closed.
     *
     * @param isDone whether it is done; first asked when the JVM exits, then often
     */
    public static synchronized Registration register(BooleanSupplier isDone) {
        if (hook == null) {
            Thread waiting = new Thread(WorkAtExit::await, "iftb-cache-exit");
            waiting.setContextClassLoader(null);
            try {
                Runtime.getRuntime().addShutdownHook(waiting);
                hook = waiting;
            } catch (IllegalStateException jvmIsExiting) {
                // what another shutdown hook starts, it waits for itself
            }
        }
        Registration registration = new Registration(isDone);
        REGISTERED.add(registration);
        return registration;
    }

    /** Waits until all work is done, at most two seconds from the first call. */
    static void await() {
        long end = deadline();
        int confirmations = 0;
        while (confirmations < CONFIRMATIONS && !REGISTERED.isEmpty() && System.nanoTime() - end < 0) {
            confirmations = REGISTERED.stream().allMatch(Registration::isDone) ? confirmations + 1 : 0;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The same for all that wait: each embedded server, and the hook. */
    private static synchronized long deadline() {
        Long known = deadline;
        if (known == null) {
            known = System.nanoTime() + MOST_NANOS;
            deadline = known;
        }
        return known;
    }

    /** Whether a shutdown hook refers to this class. */
    static synchronized boolean isHooked() {
        return hook != null;
    }

    private static synchronized void unregister(Registration registration) {
        REGISTERED.remove(registration);
        if (REGISTERED.isEmpty() && hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
                hook = null;
            } catch (IllegalStateException jvmIsExiting) {
                // it runs, and finds nothing to wait for
            }
        }
    }

    /** Registered work. Closing it again does nothing. */
    public static final class Registration implements AutoCloseable {

        private final BooleanSupplier isDone;

        private Registration(BooleanSupplier isDone) {
            this.isDone = isDone;
        }

        private boolean isDone() {
            return isDone.getAsBoolean();
        }

        /** Ends the registration; the JVM no longer waits for the work. */
        @Override
        public void close() {
            unregister(this);
        }
    }
}
