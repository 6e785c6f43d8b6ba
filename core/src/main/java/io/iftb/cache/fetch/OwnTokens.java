package io.iftb.cache.fetch;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The share of one JVM while the server is away: a bucket for each window, empty at first, by this JVM's monotonic clock. Not
 * safe for use by several threads.
 */
final class OwnTokens {

    private final List<TokenRate> whole;
    private final List<TokenRate> rates;
    private final double part;
    private final double[] levels;
    private final long beginNanos;
    private long filledNanos;
    private double warmUpDue;
    private boolean hasWarmUp;

    private OwnTokens(RequestLimits limits, List<TokenRate> rates, double part, long beginNanos) {
        this.whole = limits.rates();
        this.rates = rates;
        this.part = part;
        this.levels = new double[rates.size()];
        this.beginNanos = beginNanos;
        this.filledNanos = beginNanos;
    }

    /**
     * The share of one of so many JVMs.
     *
     * @param limits of all JVMs together
     * @param beginNanos from which {@link System#nanoTime()} on tokens come
     */
    static OwnTokens among(RequestLimits limits, int jvms, long beginNanos) {
        double part = (1 - 1.0 / RequestLimits.NEWCOMERS) / jvms;
        return new OwnTokens(limits, limits.ratesAmong(jvms), part, beginNanos);
    }

    /** The share of a JVM that the server never told how many there are. */
    static OwnTokens ofNewcomer(RequestLimits limits, long beginNanos) {
        double part = 1.0 / RequestLimits.NEWCOMERS / RequestLimits.NEWCOMERS;
        return new OwnTokens(limits, limits.ratesOfNewcomer(), part, beginNanos);
    }

    /** Whether a request of that weight is ever granted. */
    boolean canHold(int weight) {
        return rates.stream().allMatch(rate -> rate.cost(weight) <= rate.burst());
    }

    /**
     * Takes the tokens of a request.
     *
     * @param nowNanos a {@link System#nanoTime()}
     * @return 0 if it is granted, else in how many ms it may be at the earliest
     */
    long take(int weight, Priority priority, long nowNanos) {
        fill(nowNanos);
        boolean isDue = priority == Priority.WARM_UP && warmUpDue >= weight;
        double left = priority == Priority.READ && hasWarmUp ? warmUpDue : 0;
        double wait = 0;
        for (int i = 0; i < levels.length; i++) {
            TokenRate rate = rates.get(i);
            double grown = Math.max(0, nowNanos - beginNanos) / 1e6 * rate.perMilli();
            double reserve = isDue ? 0 : priority.reserve() * Math.min(rate.burst(), grown);
            double need = Math.min(rate.burst(), rate.cost(weight) + reserve + Math.min(left, rate.burst() / 2));
            wait = Math.max(wait, (need - levels[i]) / rate.perMilli());
        }
        if (nowNanos - beginNanos < 0) {
            wait += (beginNanos - nowNanos) / 1e6;
        }
        hasWarmUp |= priority == Priority.WARM_UP;
        if (wait > 0) {
            return (long) Math.ceil(wait);
        }
        spend(weight, priority);
        return 0;
    }

    /** While a warm-up waits, one token in ten is put aside for it. */
    private void spend(int weight, Priority priority) {
        for (int i = 0; i < levels.length; i++) {
            levels[i] -= rates.get(i).cost(weight);
        }
        if (priority == Priority.WARM_UP) {
            warmUpDue = 0;
            hasWarmUp = false;
        } else if (hasWarmUp) {
            warmUpDue += weight / 9.0;
        }
    }

    /** Takes away what others have used, as the source says: what is left is for all JVMs. */
    void used(int weight, long nowNanos) {
        fill(nowNanos);
        for (int i = 0; i < levels.length; i++) {
            if (rates.get(i).unit() == RequestLimits.Unit.WEIGHT) {
                double left = (whole.get(i).usable() - weight) * part;
                levels[i] = Math.min(levels[i], Math.max(left, -rates.get(i).usable()));
                return;
            }
        }
    }

    /** Starts anew with nothing. */
    void empty(long nowNanos) {
        fill(nowNanos);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Math.min(levels[i], 0);
        }
    }

    private void fill(long nowNanos) {
        long passed = Math.max(0, nowNanos - filledNanos);
        for (int i = 0; i < levels.length; i++) {
            TokenRate rate = rates.get(i);
            levels[i] = Math.min(rate.burst(), levels[i] + passed * rate.perMilli() / TimeUnit.MILLISECONDS.toNanos(1));
        }
        filledNanos += passed;
    }
}
