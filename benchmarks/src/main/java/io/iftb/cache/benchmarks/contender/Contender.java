package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.benchmarks.workload.Load;
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
    /** our codecs alone */
    IFTB_CODEC;

    /** Its name in reports, such as {@code iftb-tcp}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it can do a load. */
    public boolean does(Load load) {
        Kind kind = load.workload().kind();
        return switch (this) {
            case IFTB_TCP, IFTB_UNIX, SOCKET, BUCKET -> kind != Kind.CODEC;
            case IFTB_CODEC -> kind == Kind.CODEC;
        };
    }

    /** Whether it is there to be compared with, and not to be compared. */
    public boolean isReference() {
        return this == SOCKET || this == BUCKET;
    }

    /** Whether its keys lie on the server. */
    public boolean usesServer() {
        return this != IFTB_CODEC;
    }

    /** Opens it for bars. */
    public BarContender openBars(Target target) {
        return switch (this) {
            case IFTB_TCP -> new IftbBars(target.tcp(), label());
            case IFTB_UNIX -> new IftbBars(target.socket(), label());
            case SOCKET -> new SocketBars(target, label());
            case BUCKET -> new BucketBars(target, label());
            default -> throw new UnsupportedOperationException(label() + " keeps no bars");
        };
    }

    /** Opens it for entries. */
    public EntryContender openEntries(Target target) {
        return switch (this) {
            case IFTB_TCP -> JCaches.iftb(target.tcp(), label());
            case IFTB_UNIX -> JCaches.iftb(target.socket(), label());
            case SOCKET -> new SocketEntries(target, label());
            case BUCKET -> new BucketEntries(target, label());
            default -> throw new UnsupportedOperationException(label() + " keeps no entries");
        };
    }
}
