package io.iftb.cache.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings say about caches by their names; none of them needs a server. */
class NamedCachesTest {

    private static final String CACHES = "iftb.cache.caches.";

    private final Properties system = new Properties();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void options_everythingSet_isInThem() {
        system.setProperty(CACHES + "orders.namespace", "shared");
        system.setProperty(CACHES + "orders.trusted", "com.acme.Order, com.acme.model.*");
        system.setProperty(CACHES + "orders.expiry", "touched 5m");
        system.setProperty(CACHES + "orders.remote-events", "on");
        system.setProperty(CACHES + "orders.on-unavailable", "stale");
        system.setProperty(CACHES + "orders.stale-age", "2m");
        system.setProperty(CACHES + "orders.near", "fenced");
        system.setProperty(CACHES + "orders.near-max-memory", "2MB");
        system.setProperty(CACHES + "orders.single-flight", "on");
        system.setProperty(CACHES + "orders.near-max-age", "10m");
        system.setProperty(CACHES + "orders.expiry-jitter", "10%");
        system.setProperty(CACHES + "orders.refresh-ahead", "20%");
        system.setProperty(CACHES + "orders.stale-while-revalidate", "30s");
        system.setProperty(CACHES + "orders.stale-if-error", "1h");
        system.setProperty(CACHES + "orders.load-soft-timeout", "100ms");
        system.setProperty(CACHES + "orders.load-timeout", "2s");
        system.setProperty(CACHES + "orders.negative-answers", "5s");

        assertThat(settings().options("orders", String.class, Long.class))
                .isEqualTo(new CacheOptions<>(
                        "orders",
                        String.class,
                        Long.class,
                        "shared",
                        List.of("com.acme.Order", "com.acme.model.*"),
                        new CacheExpiry(CacheExpiry.Kind.TOUCHED, Duration.ofMinutes(5)),
                        true,
                        new NearOptions(2 << 20, Duration.ofMinutes(10), Freshness.FENCED, Set.of()),
                        true,
                        new FreshnessOptions(
                                RefreshAhead.share(0.2),
                                Duration.ofSeconds(30),
                                Duration.ofHours(1),
                                Duration.ofMillis(100),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5),
                                0.1),
                        OnUnavailable.STALE,
                        Duration.ofMinutes(2)));
    }

    @ParameterizedTest
    @CsvSource({
        "orders.refresh-ahead, 0%",
        "orders.refresh-ahead, chance 0.01",
        "orders.refresh-ahead, soon",
        "orders.stale-if-error, 31d",
        "orders.expiry-jitter, 51%",
        "orders.expiry-jitter, 0.1",
        "orders.load-timeout, 0s",
        "orders.expiry, close 4x",
        "ohlcv.refresh-ahead, 20%",
        "ticker.stale-if-error, 1m",
        "llm.negative-answers, 1m"
    })
    void options_wrongFreshness_isRefusedByName(String setting, String value) {
        system.setProperty(CACHES + setting, value);

        assertThatThrownBy(this::settings)
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(CACHES + setting)
                .hasMessageContaining(value);
    }

    @Test
    void options_expiryAtTheCloseOfABar_isThatOfTheTimeframe() {
        system.setProperty(CACHES + "llm.expiry", "close 4h");

        CacheOptions<?, ?> llm = settings().options("llm", AnalysisKey.class, Analysis.class);
        assertThat(llm.expiry()).isEqualTo(CacheExpiry.close(Timeframe.parse("4h")));
    }

    @Test
    void options_refreshAhead_isThatOfTheText() {
        system.setProperty(CACHES + "llm.refresh-ahead", "chance");

        CacheOptions<?, ?> llm = settings().options("llm", AnalysisKey.class, Analysis.class);
        assertThat(llm.freshness().refreshAhead()).isEqualTo(RefreshAhead.byChance(1));
    }

    @Test
    void options_refreshAheadOfTheCloseOfABar_isRefusedWithTheRemedy() {
        system.setProperty(CACHES + "llm.expiry", "close 4h");
        system.setProperty(CACHES + "llm.refresh-ahead", "20%");

        assertThatThrownBy(() -> settings().options("llm", AnalysisKey.class, Analysis.class))
                .hasMessageContaining("cache 'llm'")
                .hasMessageContaining("use stale-while-revalidate instead of refresh-ahead");
    }

    @Test
    void options_seriesOfCandles_areInThem() {
        system.setProperty(CACHES + "ohlcv.near", "on");
        system.setProperty(CACHES + "ohlcv.near-series", "BTCUSDT:1m, ETHUSDT:1h");

        assertThat(settings().options("ohlcv", BarKey.class, OhlcvBar.class).near())
                .isEqualTo(NearOptions.DEFAULT.withSeries(
                        List.of(SeriesKey.of("BTCUSDT", "1m"), SeriesKey.of("ETHUSDT", "1h"))));
    }

    @Test
    void options_wrongSeries_isRefused() {
        system.setProperty(CACHES + "ohlcv.near-series", "BTCUSDT");

        assertThatThrownBy(this::settings)
                .hasMessageContaining("ohlcv.near-series")
                .hasMessageContaining("BTCUSDT")
                .hasMessageContaining("up to 100 series such as BTCUSDT:1m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "ticker", "*"})
    void options_seriesOfOtherCaches_areRefused(String cache) {
        system.setProperty(CACHES + cache + ".near-series", "BTCUSDT:1m");

        assertThatThrownBy(this::settings)
                .hasMessageContaining(CACHES + cache + ".near-series")
                .hasMessageContaining("use " + CACHES + "ohlcv.near-series");
    }

    @Test
    void withNear_seriesOfOtherCaches_areRefused() {
        NearOptions near = NearOptions.DEFAULT.withSeries(List.of(SeriesKey.of("BTCUSDT", "1m")));

        assertThatThrownBy(() ->
                        CacheOptions.of("orders", String.class, Long.class).withNear(near))
                .hasMessage(
                        "cache 'orders' has no series, so its near cache cannot be for [BTCUSDT:1m]; leave them out");
    }

    @ParameterizedTest
    @EnumSource
    void options_domainCache_hasItsLifetimeNotThatOfTheTemplate(DomainCache domain) {
        system.setProperty(CACHES + "*.expiry", "created 1d");

        assertThat(settings().caches().existing(domain.cacheName())).hasValueSatisfying(options -> {
            assertThat(options).isEqualTo(CacheOptions.of(domain));
            assertThat(options.expiry()).isEqualTo(CacheExpiry.modified(domain.lifetime()));
        });
    }

    @Test
    void options_domainCache_takesAllThatIsNotFixed() {
        system.setProperty(CACHES + "ticker.namespace", "shared");
        environment.put("IFTB_CACHE_CACHES_TICKER_EXPIRY", "accessed 5s");
        system.setProperty(CACHES + "ticker.remote-events", "on");

        CacheOptions<String, Ticker> ticker = settings().options("ticker", String.class, Ticker.class);

        assertThat(ticker.namespace()).isEqualTo("shared");
        assertThat(ticker.expiry()).isEqualTo(new CacheExpiry(CacheExpiry.Kind.ACCESSED, Duration.ofSeconds(5)));
        assertThat(ticker.remoteEvents()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-type", "value-type", "trusted"})
    void resolve_domainCacheWithOtherTypes_isRefused(String name) {
        system.setProperty(CACHES + "ticker." + name, "String");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(this::settings)
                .withMessageContaining("Setting " + CACHES + "ticker." + name + " in the system properties is 'String'")
                .withMessageContaining("the types of a domain cache are fixed, accepted for it are " + CACHES
                        + "ticker.expiry, " + CACHES + "ticker.namespace, " + CACHES + "ticker.near, ")
                .withMessageContaining(", " + CACHES + "ticker.stale-age")
                .satisfies(refused -> assertThat(refused.getMessage())
                        .doesNotContain("near-series")
                        .doesNotContain("refresh-ahead"));
    }

    @Test
    void options_domainCacheWithOtherTypes_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().options("ticker", String.class, Long.class))
                .withMessageStartingWith("cache 'ticker' holds java.lang.String → " + Ticker.class.getName());
    }

    @Test
    void options_givenToTheBuilder_goBeforeTheSettings() {
        CacheOptions<String, Ticker> given =
                CacheOptions.of("ticker", String.class, Ticker.class).withNamespace("own");
        CacheSettings settings = CacheSettings.builder().cache(given).build();

        assertThat(settings.options("ticker", String.class, Ticker.class)).isSameAs(given);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.options("ticker", Long.class, Ticker.class))
                .withMessageContaining("use these types");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "created", "created 0s", "created -1s", "sometimes 5s", "eternal 5s", "created 5s later"})
    void parse_anythingElseThanAnExpiry_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CacheExpiry.parse(text));
    }

    private CacheSettings settings() {
        return new SettingSources(() -> system, environment::get)
                .resolve(Objects.requireNonNull(getClass().getClassLoader()));
    }
}
