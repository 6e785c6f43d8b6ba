package io.iftb.cache.exchange;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
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
    private final Set<Integer> done = new HashSet<>();

    Turns(ExchangeClock clock, int parties, Duration step) {
        this.clock = clock;
        this.parties = parties;
        this.step = step;
    }

    /**
     * Takes the place of a party that may be gone: the others wait for it in this turn.
     *
     * @return what the clock shows in this turn
     */
    synchronized long join(int party) {
        done.remove(party);
        return clock.now();
    }

    /**
     * Says that a party is done with a time, and waits until all others are.
     *
     * @param time what the clock showed in this turn
     * @return what it shows in the next turn
     */
    synchronized long next(int party, long time, Duration patience) throws InterruptedException, TimeoutException {
        if (clock.now() > time) {
            return clock.now();
        }
        done.add(party);
        if (done.size() == parties) {
            done.clear();
            clock.advance(step);
            notifyAll();
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (clock.now() <= time) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                done.remove(party);
                throw new TimeoutException(done.size() + " other parties of " + parties + " are done with time " + time
                        + " after " + patience + "; start as many parties as the exchange expects");
            }
            wait(left);
        }
        return clock.now();
    }
}
