package io.iftb.cache.exchange;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Parties, such as several JVMs, that go through simulated time together: the clock moves on by one step when each has said
 * that it is done.
 */
final class Turns {

    private final ExchangeClock clock;
    private final int parties;
    private final Duration step;
    private int done;

    Turns(ExchangeClock clock, int parties, Duration step) {
        this.clock = clock;
        this.parties = parties;
        this.step = step;
    }

    /**
     * Says that a party is done with a time, and waits until all others are.
     *
     * @param time what the clock showed in this turn
     * @return what it shows in the next turn
     */
    synchronized long next(long time, Duration patience) throws InterruptedException, TimeoutException {
        if (clock.now() > time) {
            return clock.now();
        }
        done++;
        if (done == parties) {
            done = 0;
            clock.advance(step);
            notifyAll();
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (clock.now() <= time) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                done--;
                throw new TimeoutException(done + " other parties of " + parties + " are done with time " + time
                        + " after " + patience + "; start as many parties as the exchange expects");
            }
            wait(left);
        }
        return clock.now();
    }
}
