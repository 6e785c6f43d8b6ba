package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import io.iftb.cache.benchmarks.workload.Workload.Kind;
import java.util.Locale;

/** Who is compared. */
public enum Contender {
    /** ours, over TCP */
    IFTB_TCP,
    /** ours, over a Unix socket */
    IFTB_UNIX,
    /** a bare blocking socket that carries as many bytes: the floor */
    SOCKET,
    /** plain buckets of the client library that carry as many bytes */
    BUCKET,
    /** Redisson's own provider of the standard */
    REDISSON_JCACHE,
    /** the design that we replace: a JSON key for each bar, found by a walk over all keys */
    JSON_SCAN,
    /** members of a sorted set */
    SORTED_SET,
    /** one command for many JSON keys */
    JSON_MGET,
    /** our layout by hand, with Jedis */
    JEDIS,
    /** our layout by hand, with Lettuce */
    LETTUCE,
    /** in this process: the ceiling of a near cache */
    CAFFEINE_JCACHE,
    /** a client here, the member in a second JVM */
    HAZELCAST_JCACHE,
    /** our codecs alone */
    IFTB_CODEC,
    /** JSON alone */
    JSON_CODEC;

    /** Bars up to which a walk over all keys comes back within seconds. */
    private static final int SCANNED_BARS = 100_000;

    /** Its name in reports, such as {@code iftb-tcp}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it can do a load. */
    public boolean does(Load load) {
        Workload workload = load.workload();
        return switch (this) {
            case IFTB_TCP, IFTB_UNIX, SOCKET, BUCKET, JEDIS, LETTUCE -> workload.kind() != Kind.CODEC;
            case SORTED_SET, JSON_MGET -> workload.kind() == Kind.BARS;
            case JSON_SCAN -> workload == Workload.LATEST && load.size("bars") <= SCANNED_BARS;
            case REDISSON_JCACHE, CAFFEINE_JCACHE, HAZELCAST_JCACHE -> workload.kind() == Kind.ENTRIES;
            case IFTB_CODEC, JSON_CODEC -> workload.kind() == Kind.CODEC;
        };
    }

    /** Whether it is there to be compared with, and not to be compared. */
    public boolean isReference() {
        return this == SOCKET || this == BUCKET;
    }

    /** Whether it talks to the one server of all, where it can be seen what is sent. */
    public boolean usesServer() {
        return switch (this) {
            case CAFFEINE_JCACHE, HAZELCAST_JCACHE, IFTB_CODEC, JSON_CODEC -> false;
            default -> true;
        };
    }

    /** Whether it may send something before it has all answers to what it sent. */
    public boolean sendsAhead() {
        return this != JSON_SCAN;
    }

    /** Opens it for bars. */
    public BarContender openBars(ServerAddress target) {
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
            default -> throw new UnsupportedOperationException(label() + " keeps no bars");
        };
    }

    /** Opens it for entries. */
    public EntryContender openEntries(ServerAddress target) {
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
            default -> throw new UnsupportedOperationException(label() + " keeps no entries");
        };
    }

    /** It as a codec. */
    public CodecContender codec() {
        return switch (this) {
            case IFTB_CODEC -> new IftbCodec();
            case JSON_CODEC -> new JsonCodec();
            default -> throw new UnsupportedOperationException(label() + " is no codec");
        };
    }
}
