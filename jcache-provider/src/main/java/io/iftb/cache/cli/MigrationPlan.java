package io.iftb.cache.cli;

import org.jspecify.annotations.Nullable;

/**
 * What a migration is to do.
 *
 * @param prefix what every name of the old keys begins with
 * @param isDry whether nothing is stored or removed
 * @param old what becomes of the old keys
 * @param complaints takes every complaint; null if nobody wants them
 */
record MigrationPlan(
        String prefix, boolean isDry, OldKeys old, @Nullable ComplaintFile complaints) {

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
