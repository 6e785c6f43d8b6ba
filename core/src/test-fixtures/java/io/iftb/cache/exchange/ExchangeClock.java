package io.iftb.cache.exchange;

import java.time.Duration;
import java.time.Instant;

/** The time at an exchange: it stands still until somebody moves it, or runs at another speed than real time. */
public final class ExchangeClock {

    private long reached;
    private long reachedAt = System.nanoTime();
    private double speed;

    /**
     * A clock.
     *
     * @param time what it shows first, epoch milliseconds
     * @param speed how many times faster than real time it runs; 0 for a clock that stands still
     */
    public ExchangeClock(long time, double speed) {
        this.reached = time;
        this.speed = speed;
    }

    /** The time, epoch milliseconds. */
    public synchronized long now() {
        return reached + (long) ((System.nanoTime() - reachedAt) / 1e6 * speed);
    }

    /**
     * Moves the clock.
     *
     * @throws IllegalArgumentException if that is back in time
     */
    public synchronized void set(long time) {
        long now = now();
        if (time < now) {
            throw new IllegalArgumentException("the exchange is at " + Instant.ofEpochMilli(now) + ", after "
                    + Instant.ofEpochMilli(time) + "; its time cannot go back");
        }
        reached = time;
        reachedAt = System.nanoTime();
    }

    /** Moves the clock on. */
    public synchronized void advance(Duration time) {
        set(now() + time.toMillis());
    }

    /** Lets the clock run from now on; 0 stops it. */
    public synchronized void run(double timesRealTime) {
        set(now());
        speed = timesRealTime;
    }
}
