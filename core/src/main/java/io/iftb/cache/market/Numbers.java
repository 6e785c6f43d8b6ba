package io.iftb.cache.market;

/** Validates numbers of the records. */
final class Numbers {

    private Numbers() {}

    static void requireFinite(String field, double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(field + " is " + number + "; it must be a finite number");
        }
    }
}
