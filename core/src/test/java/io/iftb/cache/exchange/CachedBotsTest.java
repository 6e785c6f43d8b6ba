package io.iftb.cache.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bots in several JVMs that share the cache: the exchange sends each closed bar once. */
class CachedBotsTest {

    private static final String URI = "iftb.cache.redis.uri";
    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");

    @BeforeEach
    void nameServer() {
        TestServer.flush();
        System.setProperty(URI, TestServer.uri());
    }

    @AfterEach
    void forgetServer() {
        System.clearProperty(URI);
    }

    /** As a JVM is killed, what it has asked for is lost with it: one request. */
    @Tag("thorough")
    @Test
    void closedBars_ofJvmsThatAreKilled_areFetchedOnceMoreForEachKill() throws Exception {
        BotOptions options = BotOptions.parse(
                "feed=" + CachedFeed.OneByOne.class.getName(), "steps=240", "latency=PT0.01S", "kill-every=PT10M");
        long began = System.nanoTime();
        NaiveBots.Outcome outcome = NaiveBots.run(options);
        System.out.print(outcome.table(options, Duration.ofNanos(System.nanoTime() - began)));

        assertThat(outcome.kills()).isPositive();
        assertThat(outcome.bots().failed() + outcome.bots().wrong()).isZero();
        assertThat(outcome.exchange().refused()).isZero();
        assertThat(outcome.exchange().repeats()).isLessThanOrEqualTo(outcome.kills());
    }

    @Test
    void closedBars_areFetchedOnce_whoeverAsks() throws Exception {
        BotOptions options = THOROUGH
                ? BotOptions.parse("feed=" + CachedFeed.class.getName())
                : BotOptions.parse(
                        "feed=" + CachedFeed.class.getName(), "jvms=2", "bots=4", "series=8", "symbols=4", "steps=15");
        NaiveBots.Outcome outcome = NaiveBots.run(options);
        System.out.print(outcome.table(options, Duration.ZERO));

        assertThat(outcome.bots().failed() + outcome.bots().wrong()).isZero();
        assertThat(outcome.exchange().refused()).isZero();
        assertThat(outcome.exchange().mostOftenSent()).isEqualTo(1);
        assertThat(outcome.exchange().closedBars()).isEqualTo(outcome.exchange().differentClosedBars());
    }
}
