package io.iftb.cache.benchmarks.scale;

/**
 * What a primary spends on candles: microseconds of its one thread, and bytes on the wire.
 *
 * @param roundTrip a request that comes alone and its reply, beside the command itself
 * @param read the command of the newest 100 bars
 * @param write the command of an open bar
 * @param message telling one JVM that tracks all that has changed in a turn of the server's loop
 * @param readBytes of the newest 100 bars, both ways
 * @param writeBytes of an open bar, both ways
 * @param messageBytes of the name of one changed series, to one JVM
 */
public record ServerCosts(
        double roundTrip,
        double read,
        double write,
        double message,
        double readBytes,
        double writeBytes,
        double messageBytes) {

    /** The figures of SCALE.md, which says where each is from. */
    public static final ServerCosts MEASURED = new ServerCosts(10.8, 1.8, 7.6, 7, 5_681, 250, 66);

    public ServerCosts {
        for (double each : new double[] {roundTrip, read, write, message, readBytes, writeBytes, messageBytes}) {
            if (!(each >= 0) || !Double.isFinite(each)) {
                throw new IllegalArgumentException("a cost of " + each + "; costs must be 0 or more, and finite");
            }
        }
    }

    /** A read that comes alone. */
    double readMicros() {
        return roundTrip + read;
    }

    /** A write that comes alone. */
    double writeMicros() {
        return roundTrip + write;
    }
}
