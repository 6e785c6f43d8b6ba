package io.iftb.cache.benchmarks.measure;

/** Thrown when a contender answers wrongly, so that its times would be meaningless. */
public final class WrongAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongAnswerException(String message) {
        super(message);
    }

    static void require(boolean right, Object expected, Object actual) {
        if (!right) {
            throw new WrongAnswerException("answered " + shown(actual) + " instead of " + shown(expected));
        }
    }

    static void requireEqual(Object expected, Object actual) {
        require(expected.equals(actual), expected, actual);
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() < 200 ? text : text.substring(0, 200) + "…";
    }
}
