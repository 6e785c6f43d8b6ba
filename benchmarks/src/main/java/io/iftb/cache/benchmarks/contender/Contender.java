package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import io.iftb.cache.benchmarks.workload.Workload.Subject;
import java.util.Locale;

/** The implementations that are compared. */
public enum Contender {
    /** ours, over TCP */
    IFTB_TCP,
    /** ours, over a Unix socket */
    IFTB_UNIX,
    /** a bare blocking socket with the same payload: the lower limit */
    SOCKET,
    /** plain Redisson buckets with the same payload */
    BUCKET,
    /** Redisson's JCache provider */
    REDISSON_JCACHE,
    /** the design that we replace: a JSON key for each bar, found by {@code SCAN} */
    JSON_SCAN,
    /** JSON members of a sorted set */
    SORTED_SET,
    /** a JSON key for each bar, read by one {@code MGET} */
    JSON_MGET,
    /** our layout without our library, with Jedis */
    JEDIS,
    /** our layout without our library, with Lettuce */
    LETTUCE,
    /** in process: the upper limit for a near cache */
    CAFFEINE_JCACHE,
    /** a client, with the member in a second JVM */
    HAZELCAST_JCACHE,
    /** our codecs */
    IFTB_CODEC,
    /** JSON by Jackson */
    JSON_CODEC;

    /** The largest series that a {@code SCAN} reads within seconds. */
    private static final int SCANNED_BARS = 100_000;

    /** Its name in results, such as {@code iftb-tcp}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it supports a load. */
    public boolean does(Load load) {
        Workload workload = load.workload();
        return switch (this) {
            case IFTB_TCP, IFTB_UNIX, SOCKET, BUCKET, JEDIS, LETTUCE -> workload.subject() != Subject.CODEC;
            case SORTED_SET, JSON_MGET -> workload.subject() == Subject.BARS;
            case JSON_SCAN -> workload == Workload.LATEST && load.size("bars") <= SCANNED_BARS;
            case REDISSON_JCACHE, CAFFEINE_JCACHE, HAZELCAST_JCACHE -> workload.subject() == Subject.ENTRIES;
            case IFTB_CODEC, JSON_CODEC -> workload.subject() == Subject.CODEC;
        };
    }

    /** Whether it is a reference, not a peer. */
    public boolean isReference() {
        return this == SOCKET || this == BUCKET;
    }

    /** Whether it uses the Redis server, where its commands can be counted. */
    public boolean usesServer() {
        return switch (this) {
            case CAFFEINE_JCACHE, HAZELCAST_JCACHE, IFTB_CODEC, JSON_CODEC -> false;
            default -> true;
        };
    }

    /** Whether it may send commands before it has received all answers. */
    public boolean sendsAhead() {
        return this != JSON_SCAN;
    }

    /** Opens it as a store of bars. */
    public BarContender openBars(Endpoint target) {
        return switch (this) {
            case IFTB_TCP -> new IftbBars(target.tcp(), label());
            case IFTB_UNIX -> new IftbBars(target.socket(), label());
            case SOCKET -> new SocketBars(target, label());
            case BUCKET -> new BucketBars(target, label());
            case JSON_SCAN -> new JsonScanBars(target, label());
            case SORTED_SET -> new SortedSetBars(target, label());
            case JSON_MGET -> new JsonMgetBars(target, label());
            case JEDIS -> new JedisBars(target, label());
            case LETTUCE -> new LettuceBars(target, label());
            default -> throw new UnsupportedOperationException(label() + " does not store bars.");
        };
    }

    /** Opens it as a cache. */
    public EntryContender openEntries(Endpoint target) {
        return switch (this) {
            case IFTB_TCP -> JCacheProviders.iftb(target.tcp(), label());
            case IFTB_UNIX -> JCacheProviders.iftb(target.socket(), label());
            case SOCKET -> new SocketEntries(target, label());
            case BUCKET -> new BucketEntries(target, label());
            case REDISSON_JCACHE -> JCacheProviders.redisson(target, label());
            case JEDIS -> new JedisEntries(target, label());
            case LETTUCE -> new LettuceEntries(target, label());
            case CAFFEINE_JCACHE -> JCacheProviders.caffeine();
            case HAZELCAST_JCACHE -> JCacheProviders.hazelcast();
            default -> throw new UnsupportedOperationException(label() + " is not a cache.");
        };
    }

    /** Its codec. */
    public CodecContender codec() {
        return switch (this) {
            case IFTB_CODEC -> new IftbCodec();
            case JSON_CODEC -> new JsonCodec();
            default -> throw new UnsupportedOperationException(label() + " is not a codec.");
        };
    }
}
