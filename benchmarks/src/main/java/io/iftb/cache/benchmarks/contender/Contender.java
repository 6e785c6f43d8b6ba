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
    /** the cache of Spring Data Redis, with Lettuce and JSON */
    SPRING_DATA_REDIS,
    /** ours with a near cache: {@code Cache.get}, and candles */
    IFTB_NEAR,
    /** ours with a near cache, while statistics are counted */
    IFTB_NEAR_COUNTED,
    /** our typed caches with a near cache */
    IFTB_NEAR_TYPED,
    /** the client-side caching of Jedis */
    JEDIS_NEAR,
    /** the client-side caching of Redisson */
    REDISSON_NEAR,
    /** Redisson's {@code RLocalCachedMap}, which hears only those who write through it */
    REDISSON_LOCAL_MAP,
    /** in process, without anything around it: the upper limit for a near cache */
    CAFFEINE,
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
        Subject subject = workload.subject();
        return switch (this) {
            case IFTB_TCP, IFTB_UNIX, SOCKET, BUCKET, JEDIS, LETTUCE ->
                subject == Subject.BARS || subject == Subject.ENTRIES;
            case SORTED_SET, JSON_MGET -> subject == Subject.BARS;
            case JSON_SCAN -> workload == Workload.LATEST && load.size("bars") <= SCANNED_BARS;
            case REDISSON_JCACHE, CAFFEINE_JCACHE, HAZELCAST_JCACHE -> subject == Subject.ENTRIES;
            case SPRING_DATA_REDIS -> workload == Workload.GET || workload == Workload.PUT;
            case IFTB_NEAR, CAFFEINE -> subject == Subject.NEAR_BARS || subject == Subject.NEAR_ENTRIES;
            case IFTB_NEAR_COUNTED, IFTB_NEAR_TYPED, JEDIS_NEAR, REDISSON_NEAR, REDISSON_LOCAL_MAP ->
                subject == Subject.NEAR_ENTRIES;
            case IFTB_CODEC, JSON_CODEC -> subject == Subject.CODEC;
        };
    }

    /** Whether it is a reference, not a peer. */
    public boolean isReference() {
        return this == SOCKET || this == BUCKET || this == CAFFEINE;
    }

    /** Whether it uses the Redis server, where its commands can be counted. */
    public boolean usesServer() {
        return switch (this) {
            case CAFFEINE, CAFFEINE_JCACHE, HAZELCAST_JCACHE, IFTB_CODEC, JSON_CODEC -> false;
            default -> true;
        };
    }

    /** Whether it may send commands before it has received all answers. */
    public boolean sendsAhead() {
        return this != JSON_SCAN;
    }

    /** Opens it as a store of bars. */
    public BarContender openBars(Endpoint target) {
        return openBars(target, label());
    }

    /** Opens it as a store of bars whose keys begin with a prefix, such as the label of another contender. */
    public BarContender openBars(Endpoint target, String prefix) {
        return switch (this) {
            case IFTB_TCP -> new IftbBars(target.tcp(), prefix);
            case IFTB_UNIX -> new IftbBars(target.socket(), prefix);
            case SOCKET -> new SocketBars(target, prefix);
            case BUCKET -> new BucketBars(target, prefix);
            case JSON_SCAN -> new JsonScanBars(target, prefix);
            case SORTED_SET -> new SortedSetBars(target, prefix);
            case JSON_MGET -> new JsonMgetBars(target, prefix);
            case JEDIS -> new JedisBars(target, prefix);
            case LETTUCE -> new LettuceBars(target, prefix);
            case IFTB_NEAR -> IftbBars.near(target.tcp(), prefix);
            case CAFFEINE -> new CaffeineBars();
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
            case SPRING_DATA_REDIS -> new SpringDataEntries(target, label());
            case IFTB_NEAR -> JCacheProviders.iftbNear(target.tcp(), label());
            case IFTB_NEAR_COUNTED -> JCacheProviders.iftbNearCounted(target.tcp(), label());
            case IFTB_NEAR_TYPED -> new TypedTickers(target.tcp(), label());
            case JEDIS_NEAR -> new JedisNearEntries(target, label());
            case REDISSON_NEAR -> new RedissonNearEntries(target, label());
            case REDISSON_LOCAL_MAP -> new LocalMapEntries(target, label());
            case CAFFEINE -> new CaffeineEntries();
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
