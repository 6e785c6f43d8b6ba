package io.iftb.cache.exchange;

/** Chance that is the same in every run: numbers that depend on a seed and on what they are for. */
final class Seeded {

    private Seeded() {}

    /** A number of 0 to 1, without 1. */
    static double share(long seed, long first, long second) {
        return (mix(mix(mix(seed) ^ first) ^ second) >>> 11) * 0x1.0p-53;
    }

    static double share(long seed, String name, long number) {
        return share(seed, name.hashCode(), number);
    }

    /** The finalizer of SplitMix64: each bit of the result depends on each bit of the argument. */
    private static long mix(long bits) {
        long mixed = bits + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
