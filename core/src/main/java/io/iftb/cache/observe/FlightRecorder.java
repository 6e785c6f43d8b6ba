package io.iftb.cache.observe;

import org.jspecify.annotations.Nullable;

/** Whether the JDK Flight Recorder asks for calls. A Java runtime may be without it. */
final class FlightRecorder {

    private static final boolean EXISTS =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecorder() {}

    /** Whether calls are recorded: two reads of a field. */
    static boolean isOn() {
        return EXISTS && Probes.isOn();
    }

    /** An event that begins now; null if slow calls are not recorded. */
    static @Nullable CallEvent begin() {
        if (!EXISTS || !Probes.CALL.isEnabled()) {
            return null;
        }
        CallEvent event = new CallEvent();
        event.begin();
        return event;
    }

    /** Whether failed calls are recorded. */
    static boolean recordsFailures() {
        return EXISTS && Probes.FAILED.isEnabled();
    }

    /** Events that are never committed: asking them allocates nothing, and does not start the recorder. */
    private static final class Probes {

        static final CallEvent CALL = new CallEvent();
        static final FailedCallEvent FAILED = new FailedCallEvent();

        private Probes() {}

        static boolean isOn() {
            return CALL.isEnabled() || FAILED.isEnabled();
        }
    }
}
