package io.iftb.cache.cli;

/**
 * What a migration is to do.
 *
 * @param prefix what every name of the old keys begins with
 * @param isDry whether nothing is stored or removed
 * @param old what becomes of the old keys
 */
record MigrationPlan(String prefix, boolean isDry, OldKeys old) {

    /** What becomes of old keys whose values have arrived. */
    enum OldKeys {
        /** they stay */
        KEPT,
        /** they stay, and are counted */
        COUNTED,
        /** they are removed */
        REMOVED
    }
}
