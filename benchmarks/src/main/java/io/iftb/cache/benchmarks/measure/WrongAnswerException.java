package io.iftb.cache.benchmarks.measure;

/** Says that a contender answers wrongly: its times would say nothing. */
public final class WrongAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongAnswerException(String message) {
        super(message);
    }

    static void require(boolean right, Object expected, Object found) {
        if (!right) {
            throw new WrongAnswerException("gave " + shown(found) + " where " + shown(expected) + " is right");
        }
    }

    static void requireEqual(Object expected, Object found) {
        require(expected.equals(found), expected, found);
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() < 200 ? text : text.substring(0, 200) + "…";
    }
}
