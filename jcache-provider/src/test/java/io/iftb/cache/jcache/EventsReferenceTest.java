package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.fetch.RequestLimits;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.metrics.MarketCachesMetrics;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.configuration.MutableConfiguration;
import javax.management.ObjectName;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

/** Keeps EVENTS.md and dashboard.json equal to what is really told. */
class EventsReferenceTest {

    private static final Path FILE = Path.of("EVENTS.md");
    private static final Pattern CALL = Pattern.compile("\\bLOG\\s*\\.(warn|info|error)\\(\\s*");
    private static final Pattern TEXT = Pattern.compile("\\G\\s*\\+?\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern LOGGER = Pattern.compile("LoggerFactory\\.getLogger\\((\\w+)\\.class\\)");
    private static final Pattern METRIC = Pattern.compile("\\b(?:iftb_)?cache_[a-z_]+");

    /** The cells of the rows of a table. */
    private static List<List<String>> table(String name) throws IOException {
        String text = Files.readString(FILE);
        int start = text.indexOf("<!-- " + name + " -->");
        return text.substring(start, text.indexOf("<!-- end -->", start))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Stream.of(line.substring(2, line.length() - 2).split(" \\| "))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static String code(String cell) {
        return cell.replace("`", "");
    }

    @Test
    void log_linesOfTheCode_areThoseOfTheTable() throws IOException {
        List<List<String>> rows = table("log");
        assertThat(rows.stream().map(row -> row.get(0)).toList()).doesNotHaveDuplicates();
        assertThat(rows.stream()
                        .map(row -> row.get(1) + " " + code(row.get(2)) + " " + row.get(3))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(logLines());
        assertThat(rows).allSatisfy(row -> assertThat(row.get(4)).endsWith("."));
    }

    private static List<String> logLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path root : List.of(Path.of("src/main/java"), Path.of("../core/src/main/java"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    addLogLines(Files.readString(file), lines);
                }
            }
        }
        return lines;
    }

    private static void addLogLines(String source, List<String> lines) {
        Matcher call = CALL.matcher(source);
        while (call.find()) {
            Matcher logger = LOGGER.matcher(source);
            assertThat(logger.find()).as(source).isTrue();
            StringBuilder message = new StringBuilder();
            Matcher text = TEXT.matcher(source).region(call.end(), source.length());
            while (text.find()) {
                message.append(text.group(1).replace("\\\"", "\""));
            }
            lines.add(call.group(1).toUpperCase(Locale.ROOT) + " " + logger.group(1) + " " + message);
        }
    }

    @Test
    void events_ofTheFlightRecorder_areThoseOfTheTable() throws Exception {
        Map<String, Set<String>> fields = new TreeMap<>();
        for (String name : List.of("CallEvent", "FailedCallEvent")) {
            EventType type = EventType.getEventType(
                    Class.forName("io.iftb.cache.observe." + name).asSubclass(Event.class));
            fields.put(
                    type.getName(),
                    type.getFields().stream()
                            .map(ValueDescriptor::getName)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        List<List<String>> rows = table("events");

        assertThat(rows.stream().map(row -> code(row.get(0)))).containsExactlyElementsOf(fields.keySet());
        for (List<String> row : rows) {
            Set<String> standard = Set.of("startTime", "duration", "eventThread", "stackTrace");
            Set<String> own = new TreeSet<>(fields.getOrDefault(code(row.get(0)), Set.of()));
            own.removeAll(standard);
            assertThat(Stream.of(code(row.get(2)).split(",? and |, ")).filter(field -> !standard.contains(field)))
                    .containsExactlyInAnyOrderElementsOf(own);
        }
    }

    @Test
    void threshold_byTheCommandOfTheText_isSet() throws Exception {
        Matcher command = Pattern.compile("jcmd <pid> JFR.start (\\S+)`").matcher(Files.readString(FILE));
        assertThat(command.find()).isTrue();
        Set<Long> before = recordings().map(Recording::getId).collect(Collectors.toSet());
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "jfrStart",
                            new Object[] {new String[] {command.group(1)}},
                            new String[] {String[].class.getName()});

            assertThat(recordings().filter(each -> !before.contains(each.getId())))
                    .singleElement()
                    .satisfies(each ->
                            assertThat(each.getSettings()).containsEntry("io.iftb.cache.Call#threshold", "1 ms"));
        } finally {
            recordings().filter(each -> !before.contains(each.getId())).forEach(Recording::close);
        }
    }

    private static Stream<Recording> recordings() {
        return FlightRecorder.getFlightRecorder().getRecordings().stream();
    }

    @Test
    void metrics_ofEverything_areThoseOfTheTable() throws IOException {
        Map<String, String> exported = new TreeMap<>();
        withMetrics(metrics -> {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            metrics.bindTo(registry);
            for (Meter meter : registry.getMeters()) {
                String tags = meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.joining(", "));
                exported.put(meter.getId().getName(), tags);
                assertThat(meter.getId().getDescription()).isNotBlank();
            }
        });
        Map<String, String> documented = new TreeMap<>();
        table("metrics").forEach(row -> documented.put(code(row.get(0)), code(row.get(1))));

        assertThat(documented).isEqualTo(exported);
    }

    @Test
    void dashboard_metricsOfItsPanels_areAllThatAreExported() throws IOException {
        JsonNode dashboard = dashboard();
        Set<String> shown = metrics(dashboard.findValuesAsText("expr"));
        List<String> queries = new ArrayList<>();
        dashboard
                .at("/templating/list")
                .forEach(each -> queries.add(each.path("query").asText()));
        Set<String> exported = new TreeSet<>();
        withMetrics(metrics -> {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            metrics.bindTo(registry);
            registry.scrape()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> exported.add(line.replaceAll("[ {].*", "")));
        });

        assertThat(shown).isEqualTo(exported);
        assertThat(metrics(queries)).isNotEmpty().isSubsetOf(exported);
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(Path.of("dashboard.json").toFile());
    }

    private static Set<String> metrics(List<String> queries) {
        return queries.stream()
                .flatMap(query -> METRIC.matcher(query).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void dashboard_panels_haveAnIdAndAPlaceEach() throws IOException {
        List<Integer> ids = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            ids.add(panel.path("id").asInt());
            JsonNode at = panel.path("gridPos");
            int right = at.path("x").asInt() + at.path("w").asInt();
            assertThat(right).as(panel.path("title").asText()).isBetween(1, 24);
            for (int x = at.path("x").asInt(); x < right; x++) {
                for (int i = 0; i < at.path("h").asInt(); i++) {
                    places.add(x + " " + (at.path("y").asInt() + i));
                }
            }
        }

        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
        assertThat(places).doesNotHaveDuplicates();
    }

    /** With all that can be open: near caches, outages that are missed, computing once, a source and a budget. */
    private static void withMetrics(Consumer<MarketCachesMetrics> use) {
        try (JCacheFixture fixture = JCacheFixture.builder()
                .with(Setting.ON_UNAVAILABLE, "miss")
                .with(CacheSetting.NEAR, "orders", "on")
                .with(CacheSetting.SINGLE_FLIGHT, "orders", "on")
                .with(CacheSetting.NEGATIVE_ANSWERS, "loaded", "1s")
                .build()) {
            fixture.cache("orders", String.class, String.class);
            fixture.manager()
                    .createCache(
                            "loaded",
                            new MutableConfiguration<String, String>()
                                    .setTypes(String.class, String.class)
                                    .setReadThrough(true)
                                    .setCacheLoaderFactory(() -> new FakeLoader<>(key -> key)));
            MarketCaches caches = fixture.manager().unwrap(MarketCaches.class);
            caches.budget("acme", RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)));
            caches.ohlcv()
                    .withSource(
                            (series, from, to, limit) -> CompletableFuture.completedFuture(List.of()),
                            FetchOptions.of("acme"))
                    .range(SeriesKey.of("BTCUSDT", "1h"), 0, 3_600_000);
            try (MarketCachesMetrics metrics = new MarketCachesMetrics(caches)) {
                use.accept(metrics);
            }
        }
    }
}
