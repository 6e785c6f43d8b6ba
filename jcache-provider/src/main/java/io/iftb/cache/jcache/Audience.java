package io.iftb.cache.jcache;

/**
 * Whom a cache tells of what it does: its writer before, its listeners and its statistics after.
 *
 * @param writer the writer
 * @param listeners the listeners
 * @param statistics the statistics
 */
record Audience<K, V>(WriteThrough<K, V> writer, Listeners<K, V> listeners, Statistics statistics) {

    /** Whether nobody is told of anything now. */
    boolean isNobody() {
        return writer.isNobody() && listeners.isEmpty() && !statistics.isEnabled();
    }
}
