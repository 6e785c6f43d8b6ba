package io.iftb.cache.cli;

import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.RequestLimits;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a file says about a warm-up.
 *
 * @param source the name of a class that is a {@link BarSource}
 * @param name what the source is called, in budgets and messages
 * @param series which series to fetch
 * @param from the open time of the first bar of each, epoch milliseconds
 * @param limits how often the source may be asked by all programs together; null for no limit
 * @param weight what one request counts of them
 */
record WarmConfig(
        String source,
        String name,
        List<SeriesKey> series,
        long from,
        @Nullable RequestLimits limits,
        int weight) {

    private static final TreeSet<String> KNOWN =
            new TreeSet<>(List.of("source", "name", "series", "from", "requests", "weight", "weight-of-request"));
    private static final Pattern LIMIT = Pattern.compile("(\\d{1,9})/(\\d{1,6})([smhd])");

    /** @throws CommandFailure if the file cannot be read, or says something wrong */
    static WarmConfig read(Path file) {
        Map<?, ?> said = parsed(file);
        for (Object key : said.keySet()) {
            if (!KNOWN.contains(String.valueOf(key))) {
                throw wrong(file, "'" + key + "' is not known; known are " + String.join(", ", KNOWN));
            }
        }
        String source = required(file, said, "source");
        Object name = said.get("name");
        return new WarmConfig(
                source,
                name == null ? source.substring(source.lastIndexOf('.') + 1) : String.valueOf(name),
                series(file, said.get("series")),
                value(file, "from", required(file, said, "from"), WarmConfig::time),
                limits(file, said),
                said.get("weight-of-request") == null
                        ? 1
                        : value(
                                file,
                                "weight-of-request",
                                required(file, said, "weight-of-request"),
                                WarmConfig::weight));
    }

    private static Map<?, ?> parsed(Path file) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            Object said = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
            if (said instanceof Map<?, ?> map) {
                return map;
            }
        } catch (IOException e) {
            throw CommandFailure.wrongUsage("file '" + file + "' cannot be read; give a YAML file that you may read");
        } catch (YAMLException e) {
            throw wrong(file, "it is not YAML: " + problem(e));
        }
        throw wrong(file, "it has no settings; 'iftb-cache warm --help' shows an example");
    }

    private static String problem(YAMLException e) {
        if (e instanceof MarkedYAMLException marked && marked.getProblem() != null && marked.getProblemMark() != null) {
            return marked.getProblem() + " in line " + (marked.getProblemMark().getLine() + 1);
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static CommandFailure wrong(Path file, String sentence) {
        return CommandFailure.wrongUsage("file '" + file + "': " + sentence);
    }

    private static String required(Path file, Map<?, ?> said, String key) {
        Object value = said.get(key);
        if (value == null) {
            throw wrong(file, "'" + key + "' is missing; 'iftb-cache warm --help' shows an example");
        }
        return value instanceof java.util.Date date ? date.toInstant().toString() : String.valueOf(value);
    }

    private static <T> T value(Path file, String key, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong(file, "'" + key + "' is '" + text + "': " + e.getMessage());
        }
    }

    private static List<SeriesKey> series(Path file, @Nullable Object said) {
        if (!(said instanceof List<?> list) || list.isEmpty()) {
            throw wrong(file, "'series' is no list; write one such as [BTCUSDT:1h, ETHUSDT:1h]");
        }
        return list.stream()
                .map(each -> value(file, "series", String.valueOf(each), SeriesKey::parse))
                .distinct()
                .toList();
    }

    private static int weight(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("write a whole number such as 2", e);
        }
    }

    private static long time(String text) {
        try {
            return text.length() == "2024-01-01".length()
                    ? LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli()
                    : Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "write a date such as 2024-01-01, or a time such as 2024-01-01T08:00:00Z", e);
        }
    }

    private static @Nullable RequestLimits limits(Path file, Map<?, ?> said) {
        RequestLimits limits = null;
        if (said.get("requests") != null) {
            limits = value(
                    file, "requests", required(file, said, "requests"), text -> limit(text, RequestLimits::ofRequests));
        }
        if (said.get("weight") != null) {
            RequestLimits before = limits;
            limits = value(
                    file,
                    "weight",
                    required(file, said, "weight"),
                    text -> limit(text, before == null ? RequestLimits::ofWeight : before::andWeight));
        }
        return limits;
    }

    /** Makes limits of a number in a time. */
    private interface Limit {
        RequestLimits of(int capacity, Duration window);
    }

    private static RequestLimits limit(String text, Limit made) {
        Matcher matcher = LIMIT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write a number and a time, such as 6000/1m");
        }
        long amount = Long.parseLong(matcher.group(2));
        Duration window = switch (matcher.group(3)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        return made.of(Integer.parseInt(matcher.group(1)), window);
    }

    /** An instance of the source. */
    BarSource newSource() {
        try {
            Object made = Class.forName(source, true, Thread.currentThread().getContextClassLoader())
                    .getDeclaredConstructor()
                    .newInstance();
            if (made instanceof BarSource bars) {
                return bars;
            }
            throw CommandFailure.wrongUsage("source '" + source + "' is no " + BarSource.class.getName());
        } catch (InvocationTargetException e) {
            throw CommandFailure.wrongUsage(
                    "source '" + source + "' cannot be made: its constructor threw " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw CommandFailure.wrongUsage("source '" + source + "' cannot be made (" + e
                    + "); it needs a public constructor without parameters, and must be on the class path:"
                    + " java -cp iftb-cache.jar:YOURS.jar io.iftb.cache.cli.Main warm --config FILE");
        }
    }
}
