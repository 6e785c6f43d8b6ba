package io.iftb.cache.benchmarks.scale;

/** When the open bars of different series are written. */
public enum Moments {
    /** each at a time of its own */
    SPREAD,
    /** all at once, as when bars close */
    TOGETHER
}
