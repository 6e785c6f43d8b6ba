package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An entry that another program changes between the read and the write of the general path. */
class ContentionTest {

    private final JCacheFixture fixture =
            JCacheFixture.builder().namespace("contended").build();
    private final JCacheFixture other =
            JCacheFixture.builder().namespace("contended").build();
    private final Cache<String, String> theirs = other.cache("texts", String.class, String.class);

    @AfterEach
    void close() {
        other.manager().destroyCache("texts");
        other.close();
        fixture.close();
    }

    @Test
    void getAndPut_changedThreeTimesMeanwhile_triesAgainAndGivesTheLastValue() {
        Cache<String, String> ours = ours(new Interfering(3));
        theirs.put("k", "0");

        assertThat(ours.getAndPut("k", "ours")).isEqualTo("theirs 3");
        assertThat(theirs.get("k")).isEqualTo("ours");
    }

    @Test
    void replaceOfAValue_changedMeanwhile_sees() {
        Cache<String, String> ours = ours(new Interfering(1));
        theirs.put("k", "0");

        assertThat(ours.replace("k", "0", "ours")).isFalse();
        assertThat(theirs.get("k")).isEqualTo("theirs 1");
    }

    @Test
    void putAll_oneEntryChangedMeanwhile_storesAll() {
        Cache<String, String> ours = ours(new Interfering(1));
        theirs.put("k", "0");

        ours.putAll(Map.of("k", "1", "l", "2", "m", "3"));

        assertThat(theirs.getAll(Set.of("k", "l", "m"))).isEqualTo(Map.of("k", "1", "l", "2", "m", "3"));
    }

    @Test
    void get_changedWhileItsLifetimeIsSet_givesWhatItRead() {
        Cache<String, String> ours = ours(new Interfering(1));
        theirs.put("k", "0");

        assertThat(ours.get("k")).isEqualTo("0");
        assertThat(theirs.get("k")).isEqualTo("theirs 1");
    }

    @Test
    void put_changedAlways_givesUpAndSaysSo() {
        Interfering policy = new Interfering(Integer.MAX_VALUE);
        Cache<String, String> ours = ours(policy);
        theirs.put("k", "0");

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> ours.put("k", "ours"))
                .withMessageContaining("Cache 'texts': entry k was changed by others in each of "
                        + CompareAndSetExecutor.MAX_TRIES + " tries");
        assertThat(policy.interferences).hasValue(CompareAndSetExecutor.MAX_TRIES);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> ours.putAll(Map.of("k", "ours")))
                .withMessageContaining("entry k");
    }

    private Cache<String, String> ours(ExpiryPolicy policy) {
        return fixture.cache("texts", String.class, String.class, policy);
    }

    /** A policy in which another program writes each time it is asked, up to a maximum number of times. */
    private final class Interfering implements ExpiryPolicy {

        private final AtomicInteger interferences = new AtomicInteger();
        private final int times;

        Interfering(int times) {
            this.times = times;
        }

        private Duration interfere() {
            if (interferences.get() < times) {
                theirs.put("k", "theirs " + interferences.incrementAndGet());
            }
            return Duration.ONE_HOUR;
        }

        @Override
        public Duration getExpiryForCreation() {
            return Duration.ONE_HOUR;
        }

        @Override
        public Duration getExpiryForAccess() {
            return interfere();
        }

        @Override
        public Duration getExpiryForUpdate() {
            return interfere();
        }
    }
}
