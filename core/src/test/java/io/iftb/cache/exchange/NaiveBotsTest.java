package io.iftb.cache.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bots in several JVMs, for a few simulated minutes. */
class NaiveBotsTest {

    private static final int READS = 2 * 2 * 5 * (8 + 1);

    @Test
    void run_severalJvms_areRefusedTogether() throws Exception {
        NaiveBots.Outcome outcome =
                NaiveBots.run(BotOptions.parse("jvms=2", "bots=2", "series=8", "symbols=3", "steps=5", "weight=16"));

        BotCounts bots = outcome.bots();
        ExchangeStats exchange = outcome.exchange();
        assertThat(bots.reads() + bots.skipped()).isEqualTo(READS);
        assertThat(bots.reads()).isEqualTo(exchange.requests());
        assertThat(bots.refused()).isEqualTo(exchange.refused() + exchange.refusedByBan());
        assertThat(bots.failed() + bots.wrong()).isZero();
        // eight requests in each of five minutes, fewer than a bot has, so each one is refused once
        assertThat(exchange.answers(Fault.NONE)).isEqualTo(40);
        assertThat(exchange.refused()).isEqualTo(20);
    }
}
