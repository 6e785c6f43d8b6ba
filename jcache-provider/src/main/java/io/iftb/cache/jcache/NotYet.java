package io.iftb.cache.jcache;

/** Says that a feature is not built yet. */
final class NotYet {

    private NotYet() {}

    /** @param feature what is not built, as the subject of a sentence */
    static UnsupportedOperationException built(String feature) {
        return new UnsupportedOperationException(feature + " is not built yet in this version of iftb-cache");
    }
}
