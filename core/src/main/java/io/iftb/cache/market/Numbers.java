package io.iftb.cache.market;

/** Checks of numbers that the records share. */
final class Numbers {

    private Numbers() {}

    static void requireFinite(String field, double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(field + " is " + number + "; it must be a finite number");
        }
    }
}
