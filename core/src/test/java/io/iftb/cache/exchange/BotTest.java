package io.iftb.cache.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A bot at an exchange: what it reads, and what it thinks of the answers. */
class BotTest {

    private static final BotOptions OPTIONS = BotOptions.parse("series=8", "symbols=3", "seed=1");
    private static final int READS = 8 + 1;

    /** A feed that changes what another one gives. */
    private record ChangedFeed(CandleFeed feed, UnaryOperator<BarSeries> change) implements CandleFeed {

        @Override
        public BarSeries latest(SeriesKey series, int limit) {
            return change.apply(feed.latest(series, limit));
        }

        @Override
        public BarSeries range(SeriesKey series, long from, long to) {
            return change.apply(feed.range(series, from, to));
        }

        @Override
        public void close() {
            feed.close();
        }
    }

    private static Bot bot(TestExchange exchange, UnaryOperator<BarSeries> change) {
        CandleFeed feed = new ExchangeFeed(exchange.uri(), exchange.clock()::now);
        return new Bot(0, OPTIONS, new ChangedFeed(feed, change), new Market(1, new MarketConditions(), Map.of()));
    }

    @Test
    void look_withoutACache_asksForTheSameBarsAgain() {
        try (TestExchange exchange = TestExchange.start(ExchangeOptions.defaults())) {
            Bot bot = bot(exchange, UnaryOperator.identity());
            for (int step = 0; step < 3; step++) {
                bot.look(exchange.clock().now());
                exchange.clock().advance(Duration.ofMinutes(1));
            }

            assertThat(bot.counts()).isEqualTo(new BotCounts(3 * READS, 0, 0, 0, 0));
            assertThat(exchange.stats().requests()).isEqualTo(3 * READS);
            assertThat(exchange.stats().closedBars())
                    .isGreaterThan(exchange.stats().differentClosedBars());
        }
    }

    @Test
    void look_answersWithoutTheirFirstBar_areWrong() {
        try (TestExchange exchange = TestExchange.start(ExchangeOptions.defaults())) {
            Bot bot = bot(exchange, bars -> bars.slice(1, bars.size()));
            bot.look(exchange.clock().now());

            assertThat(bot.counts()).isEqualTo(new BotCounts(READS, 0, 0, 0, READS));
        }
    }

    @Test
    void look_answersThatFail_areCounted() {
        try (TestExchange exchange = TestExchange.start(ExchangeOptions.defaults())) {
            Bot bot = bot(exchange, bars -> {
                throw new IllegalStateException("no answer");
            });
            bot.look(exchange.clock().now());

            assertThat(bot.counts()).isEqualTo(new BotCounts(READS, 0, READS, 0, 0));
        }
    }

    @Test
    void look_refused_waitsAsLongAsItIsTold() {
        ExchangeOptions narrow = ExchangeOptions.defaults().limit(4, 6_000);
        try (TestExchange exchange = TestExchange.start(narrow)) {
            Bot bot = bot(exchange, UnaryOperator.identity());
            bot.look(exchange.clock().now());
            bot.look(exchange.clock().now());
            assertThat(bot.counts()).isEqualTo(new BotCounts(5, 1, 0, 4 + READS, 0));

            exchange.clock().advance(Duration.ofMinutes(1));
            bot.look(exchange.clock().now());
            assertThat(bot.counts().reads()).isEqualTo(10);
        }
    }
}
