package io.iftb.cache.jcache.event;

/** The text of a failure of user code, whose own methods may fail too. */
public final class FailureText {

    private FailureText() {}

    /** The text of a failure; the name of its class if it has none to give. */
    public static String of(Throwable failure) {
        try {
            return failure.toString();
        } catch (RuntimeException | Error e) {
            return failure.getClass().getName();
        }
    }
}
