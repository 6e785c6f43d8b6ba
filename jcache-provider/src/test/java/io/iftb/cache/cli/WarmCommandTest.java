package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmCommandTest {

    private static final long HOUR = 3_600_000;
    private static final AtomicInteger REQUESTS = new AtomicInteger();

    private final CliRunner cli = new CliRunner();

    @TempDir
    private Path folder;

    /** A bar each hour; a symbol that the source does not know fails. */
    public static final class Hourly implements BarSource {

        @Override
        public CompletionStage<? extends Collection<OhlcvBar>> fetch(SeriesKey series, long from, long to, int limit) {
            REQUESTS.incrementAndGet();
            if (series.symbol().equals("UNKNOWN")) {
                return CompletableFuture.failedFuture(new IllegalStateException("no such symbol"));
            }
            return CompletableFuture.completedFuture(LongStream.iterate(from, time -> time + HOUR)
                    .takeWhile(time -> time < to)
                    .limit(limit)
                    .mapToObj(time -> new OhlcvBar(time, 1, 1, 1, 1, 1))
                    .toList());
        }
    }

    @BeforeEach
    void forget() {
        REQUESTS.set(0);
    }

    private static Instant start() {
        return Instant.now().truncatedTo(ChronoUnit.HOURS).minus(2_500, ChronoUnit.HOURS);
    }

    private String config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("warm.yaml"), yaml).toString();
    }

    private String config(Instant from, String series) throws IOException {
        return config("source: " + Hourly.class.getName() + "\nname: hourly\nfrom: " + from + "\nseries: " + series
                + "\nweight: 6000/1m\nweight-of-request: 2\n");
    }

    @Test
    void warm_twice_fetchesEachPageOnce() throws IOException {
        Instant from = start();
        String config = config(from, "[BTC:1h, ETH:1h]");

        Run first = cli.run("warm", "--config", config);
        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isZero();
        assertThat(first.out()).containsPattern("^\\d+ parts of 2 series from hourly complete in [\\d,]+ ms\n$");
        int requests = REQUESTS.get();
        assertThat(requests).isBetween(6, 10);
        try (MarketCaches caches = cli.caches()) {
            assertThat(caches.ohlcv()
                            .range(SeriesKey.of("ETH", "1h"), from.toEpochMilli(), from.toEpochMilli() + 2_499 * HOUR)
                            .size())
                    .isEqualTo(2_499);
        }

        Run again = cli.run("warm", "--config", config, "--json");
        assertThat(again.status()).isZero();
        assertThat(again.out())
                .startsWith("{\"source\":\"hourly\",\"series\":2,\"parts\":")
                .contains("\"failures\":{}");
        assertThat(REQUESTS.get() - requests).as("the open bars at most").isLessThanOrEqualTo(2);
    }

    @Test
    void warm_oneSeriesFails_fetchesTheOthersAndSaysWhy() throws IOException {
        Run run = cli.run("warm", "--config", config(start(), "[UNKNOWN:1h, BTC:1h]"));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("iftb-cache: UNKNOWN:1h: ").contains("no such symbol");
        try (MarketCaches caches = cli.caches()) {
            assertThat(caches.ohlcv().latest(SeriesKey.of("BTC", "1h"), 100).size())
                    .isEqualTo(100);
        }
    }

    /** A source that is not ready to be made. */
    public static final class Unset implements BarSource {

        /** Fails. */
        public Unset() {
            throw new IllegalStateException("KEY is not set");
        }

        @Override
        public CompletionStage<List<OhlcvBar>> fetch(SeriesKey series, long from, long to, int limit) {
            throw new AssertionError("it cannot be made");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "source: com.acme.Nowhere\\nfrom: 2024-01-01\\nseries: [BTC:1h] | source 'com.acme.Nowhere' cannot be made",
                "source: java.lang.String\\nfrom: 2024-01-01\\nseries: [BTC:1h] | source 'java.lang.String' is no io.iftb.cache.fetch.BarSource",
                "from: 2024-01-01\\nseries: [BTC:1h] | 'source' is missing",
                "source: a.B\\nfrom: yesterday\\nseries: [BTC:1h] | 'from' is 'yesterday': write a date such as 2024-01-01",
                "source: a.B\\nfrom: 2024-01-01\\nseries: [BTC:1h]\\nweight-of-request: two | 'weight-of-request' is 'two': write a whole number such as 2",
                "source: a.B\\nfrom: 2024-01-01\\nseries: [BTC] | 'series' is 'BTC'",
                "source: a.B\\nfrom: 2024-01-01 | 'series' is no list",
                "source: a.B\\nfrom: 2024-01-01\\nseries: [BTC:1h]\\nweight: many | write a number and a time, such as 6000/1m",
                "source: a.B\\nsymbols: [BTC:1h] | 'symbols' is not known; known are from, name",
                "source: a.B\\nfrom: 2024-01-01\\nseries: [BTC:1h]\\nseries: [ETH:1h] | found duplicate key series",
                "source: io.iftb.cache.cli.WarmCommandTest$Unset\\nfrom: 2024-01-01\\nseries: [BTC:1h] | its constructor threw java.lang.IllegalStateException: KEY is not set",
                "[ | it is not YAML",
                "word | it has no settings"
            })
    void warm_wrongFile_isRefusedInOneSentence(String yaml, String sentence) throws IOException {
        Run run = cli.run("warm", "--config", config(yaml.replace("\\n", "\n")));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("iftb-cache: ").contains(sentence).hasLineCount(1);
        assertThat(REQUESTS).hasValue(0);
    }

    @Test
    void warm_noFile_isRefused() {
        assertThat(cli.run("warm").status()).isEqualTo(2);
        assertThat(cli.run("warm", "--config", folder.resolve("none.yaml").toString())
                        .err())
                .contains("cannot be read");
    }
}
