package io.iftb.cache.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check that a timer runs again and again, also if it fails once: the timer would not run it again, and no call would ever be
 * ended.
 *
 * @param check what is run
 */
record RepeatedCheck(Runnable check) implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedCheck.class);

    @Override
    public void run() {
        try {
            check.run();
        } catch (RuntimeException | Error e) {
            LOG.debug("A check failed; the next one follows", e);
        }
    }
}
