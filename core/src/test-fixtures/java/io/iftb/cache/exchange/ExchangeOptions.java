package io.iftb.cache.exchange;

import io.iftb.cache.market.SeriesKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How an exchange behaves. By default it is honest and fast, its clock stands still, and it has the limits of Binance. */
public final class ExchangeOptions {

    final MarketConditions conditions = new MarketConditions();
    final Map<SeriesKey, RecordedHistory> recorded = new HashMap<>();
    long seed = 1;
    long time = Instant.parse("2024-03-01T12:00:30Z").toEpochMilli();
    double speed;
    int requestsPerWindow = Integer.MAX_VALUE;
    int weightPerWindow = 6_000;
    int weightOfRequest = 2;
    Duration window = Duration.ofMinutes(1);
    boolean realWindows;
    int refusalsBeforeBan = 10;
    Duration ban = Duration.ofMinutes(2);
    Duration latency = Duration.ZERO;
    Duration longestLatency = Duration.ZERO;
    double errorShare;
    double cutShare;
    double stalledShare;
    double silentShare;
    int parties = 1;
    Duration step = Duration.ofMinutes(1);

    private ExchangeOptions() {}

    /** The defaults. */
    public static ExchangeOptions defaults() {
        return new ExchangeOptions();
    }

    /**
     * Options from a command line, each of the form {@code name=value}: {@code seed}, {@code time} (ISO), {@code speed},
     * {@code requests}, {@code weight} (a window), {@code request-weight}, {@code window} (ISO duration), {@code windows}
     * ({@code real} or {@code simulated}), {@code refusals}, {@code ban}, {@code latency}, {@code longest-latency},
     * {@code errors}, {@code cut}, {@code stalled}, {@code silent} (shares), {@code parties}, {@code step},
     * {@code without-trades} (share).
     */
    public static ExchangeOptions parse(String... arguments) {
        ExchangeOptions options = new ExchangeOptions();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            options.set(argument.substring(0, Math.max(0, equals)), argument.substring(equals + 1));
        }
        return options;
    }

    private void set(String name, String value) {
        switch (name) {
            case "seed" -> seed = Long.parseLong(value);
            case "time" -> time = Instant.parse(value).toEpochMilli();
            case "speed" -> speed = Double.parseDouble(value);
            case "requests" -> requestsPerWindow = Integer.parseInt(value);
            case "weight" -> weightPerWindow = Integer.parseInt(value);
            case "request-weight" -> weightOfRequest = Integer.parseInt(value);
            case "window" -> window = Duration.parse(value);
            case "windows" -> realWindows = value.equals("real");
            case "refusals" -> refusalsBeforeBan = Integer.parseInt(value);
            case "ban" -> ban = Duration.parse(value);
            case "latency" -> latency = Duration.parse(value);
            case "longest-latency" -> longestLatency = Duration.parse(value);
            case "errors" -> errorShare = Double.parseDouble(value);
            case "cut" -> cutShare = Double.parseDouble(value);
            case "stalled" -> stalledShare = Double.parseDouble(value);
            case "silent" -> silentShare = Double.parseDouble(value);
            case "parties" -> parties = Integer.parseInt(value);
            case "step" -> step = Duration.parse(value);
            case "without-trades" -> conditions.withoutTrades(Double.parseDouble(value));
            default ->
                throw new IllegalArgumentException("option '" + name + "=" + value
                        + "' is not known; see the list at ExchangeOptions.parse, such as seed=7 speed=600");
        }
    }

    /** Two exchanges with the same seed have the same bars. */
    public ExchangeOptions seed(long number) {
        seed = number;
        return this;
    }

    /** What the clock shows first, epoch milliseconds. */
    public ExchangeOptions time(long epochMillis) {
        time = epochMillis;
        return this;
    }

    /** How many times faster than real time the clock runs; 0, the default, for a clock that tests move. */
    public ExchangeOptions speed(double timesRealTime) {
        speed = timesRealTime;
        return this;
    }

    /** How many requests, and how much weight, are admitted in a window. */
    public ExchangeOptions limit(int requests, int weight) {
        requestsPerWindow = requests;
        weightPerWindow = weight;
        return this;
    }

    /** The weight of one request of bars. */
    public ExchangeOptions weightOfRequest(int weight) {
        weightOfRequest = weight;
        return this;
    }

    /** The length of a window of the limit, on the exchange's clock. */
    public ExchangeOptions window(Duration length) {
        window = length;
        realWindows = false;
        return this;
    }

    /** The length of a window of the limit, on the real clock, for clients that wait in real time. */
    public ExchangeOptions realWindow(Duration length) {
        window = length;
        realWindows = true;
        return this;
    }

    /** Who is refused more often in one window is banned, the first time for this long, then for twice as long. */
    public ExchangeOptions ban(int refusals, Duration length) {
        refusalsBeforeBan = refusals;
        ban = length;
        return this;
    }

    /** How long an answer takes in real time: between the two, by the seed. */
    public ExchangeOptions latency(Duration shortest, Duration longest) {
        latency = shortest;
        longestLatency = longest;
        return this;
    }

    /** The share of requests, 0 to 1, whose answers go wrong in a way. */
    public ExchangeOptions faults(Fault fault, double share) {
        switch (fault) {
            case NONE -> throw new IllegalArgumentException("NONE has no share; give those of the others");
            case ERROR -> errorShare = share;
            case CUT -> cutShare = share;
            case STALLED -> stalledShare = share;
            case SILENT -> silentShare = share;
        }
        return this;
    }

    /** How many parties take turns, and how far the clock moves when all are done; see {@code POST /time/next}. */
    public ExchangeOptions turns(int partiesThatTakeThem, Duration length) {
        parties = partiesThatTakeThem;
        step = length;
        return this;
    }

    /** What is irregular about the bars; the same object as {@link TestExchange#conditions()}. */
    public MarketConditions conditions() {
        return conditions;
    }

    /** Bars of a file instead of generated ones: lines of {@code time,open,high,low,close,volume} below a header. */
    public ExchangeOptions recorded(SeriesKey series, Path csv) {
        recorded.put(series, RecordedHistory.read(series.timeframe(), csv));
        return this;
    }

    /** How the answer to a request goes wrong, by its number. */
    Fault fault(long request) {
        double drawn = Seeded.share(seed + 201, 0, request);
        double share = errorShare;
        if (drawn < share) {
            return Fault.ERROR;
        }
        share += cutShare;
        if (drawn < share) {
            return Fault.CUT;
        }
        share += stalledShare;
        if (drawn < share) {
            return Fault.STALLED;
        }
        share += silentShare;
        return drawn < share ? Fault.SILENT : Fault.NONE;
    }

    /** How long the answer to a request takes, in milliseconds. */
    long latency(long request) {
        long more = Math.max(0, longestLatency.toMillis() - latency.toMillis());
        return latency.toMillis() + (long) (more * Seeded.share(seed + 202, 0, request));
    }
}
