package io.iftb.cache.jcache;

/** What a walk over all entries promises. */
enum Walks {
    /** it meets what is there all the time */
    FIND_ALL,
    /** it may miss an entry whose slot moves meanwhile */
    MAY_MISS
}
