package io.iftb.cache.fetch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a source as it counts them: so much weight, or so many requests, in each window of a fixed length. Immutable.
 *
 * <pre>{@code
 * RequestLimits binance = RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)).andRequests(61_000, Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>A bucket of tokens keeps to each window: it holds at most {@code burst} tokens, and {@code refill} more come in the time
 * of one window. In any time of that length, wherever it begins, less than {@code burst + refill} is granted, and {@code burst +
 * refill = share * (capacity + 1)}. Weights are whole, so that is never more than the capacity. What the share leaves is for
 * requests that take longer on their way than others: by up to a tenth of a window, with a share of 0.9.
 */
public final class RequestLimits {

    /** The share that is used of a limit, unless something else is said. */
    public static final double DEFAULT_SHARE = 0.9;

    /** One part in so many is for JVMs that start while the server is away, of which so many may share it. */
    static final int NEWCOMERS = 8;

    private static final double BURST_SHARE = 0.1;
    private static final double LEAST_BURST = 4;

    private final List<Window> windows;
    private final double share;
    private final @Nullable Integer burst;

    /** What a source counts. */
    enum Unit {
        WEIGHT,
        REQUESTS
    }

    /**
     * One limit.
     *
     * @param capacity how much of the unit the source takes in each window; 1 or more
     */
    private record Window(Unit unit, int capacity, Duration time) {

        Window {
            if (capacity < 1) {
                throw new IllegalArgumentException("a limit of " + capacity + " lets nothing through; give 1 or more");
            }
            if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofDays(31)) > 0) {
                throw new IllegalArgumentException("a window of " + time + "; give 1 ms to 31 days");
            }
        }

        /** What is left to JVMs that start while the server is away; nothing of a small limit. */
        int forNewcomers() {
            return capacity / NEWCOMERS;
        }

        /** The same in a longer time. */
        Window slower(int times) {
            Duration longer = time.multipliedBy(times);
            Duration longest = Duration.ofDays(31);
            return new Window(unit, 1, longer.compareTo(longest) < 0 ? longer : longest);
        }
    }

    private RequestLimits(List<Window> windows, double share, @Nullable Integer burst) {
        this.windows = List.copyOf(windows);
        this.share = share;
        this.burst = burst;
        var unused = rates(); // fails if they are wrong
    }

    /**
     * A limit of so much weight in each window.
     *
     * @throws IllegalArgumentException if the capacity or the window is not positive, or nothing could be granted
     */
    public static RequestLimits ofWeight(int capacity, Duration window) {
        return new RequestLimits(List.of(new Window(Unit.WEIGHT, capacity, window)), DEFAULT_SHARE, null);
    }

    /**
     * A limit of so many requests, whatever their weight, in each window.
     *
     * @throws IllegalArgumentException if the capacity or the window is not positive, or nothing could be granted
     */
    public static RequestLimits ofRequests(int capacity, Duration window) {
        return new RequestLimits(List.of(new Window(Unit.REQUESTS, capacity, window)), DEFAULT_SHARE, null);
    }

    /**
     * These limits and one more of weight.
     *
     * @throws IllegalArgumentException if the capacity or the window is not positive, or nothing could be granted
     */
    public RequestLimits andWeight(int capacity, Duration window) {
        return and(new Window(Unit.WEIGHT, capacity, window));
    }

    /**
     * These limits and one more of requests.
     *
     * @throws IllegalArgumentException if the capacity or the window is not positive, or nothing could be granted
     */
    public RequestLimits andRequests(int capacity, Duration window) {
        return and(new Window(Unit.REQUESTS, capacity, window));
    }

    private RequestLimits and(Window more) {
        if (windows.stream().anyMatch(each -> each.unit == more.unit && each.time.equals(more.time))) {
            throw new IllegalArgumentException(
                    "there is a limit of " + more.unit.name().toLowerCase(Locale.ROOT) + " in " + more.time
                            + " already; give the smaller one only");
        }
        return new RequestLimits(
                Stream.concat(windows.stream(), Stream.of(more)).toList(), share, burst);
    }

    /**
     * The same limits, of which another share is used. Give less if programs that do not share the budget ask the source from
     * the same IP address.
     *
     * @param used more than 0, at most 1, which leaves nothing for requests that overtake each other
     * @throws IllegalArgumentException if it is another one, or nothing could be granted
     */
    public RequestLimits withShare(double used) {
        return new RequestLimits(windows, used, burst);
    }

    /**
     * The same limits with another greatest weight that may be granted at once after a pause. It is also the greatest weight of
     * one request. A greater one costs rate: the rest of the share comes evenly over the window. The default is a tenth of the
     * share, but 4 if it has 8 or more.
     *
     * @throws IllegalArgumentException if it is not positive, or nothing could be granted
     */
    public RequestLimits withBurst(int weight) {
        return new RequestLimits(windows, share, weight);
    }

    /** The greatest weight of one request. */
    public int greatestWeight() {
        return rates().stream()
                .filter(rate -> rate.unit() == Unit.WEIGHT)
                .mapToInt(rate -> (int) rate.burst())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /** How each window is kept to. */
    List<TokenRate> rates() {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " of a limit; give more than 0 and at most 1");
        }
        return windows.stream().map(this::rate).toList();
    }

    private TokenRate rate(Window window) {
        double usable = share * (window.capacity + 1.0);
        double chosen =
                burst == null ? Math.max(1, Math.max(BURST_SHARE * usable, Math.min(LEAST_BURST, usable / 2))) : burst;
        double refill = usable - chosen;
        if (chosen < 1 || refill < 1e-6) {
            throw new IllegalArgumentException(
                    "a burst of " + chosen + " with a share of " + share + " of " + window.capacity
                            + " in " + window.time
                            + " leaves nothing that comes evenly; give a burst from 1 to less than " + usable
                            + ", or a greater share");
        }
        long millis = window.time.toMillis();
        return new TokenRate(window.unit, millis, chosen, refill / millis, usable);
    }

    /**
     * What each of so many JVMs keeps to by itself, so that they keep to the limits together, and leave an eighth to those that
     * start meanwhile.
     */
    List<TokenRate> ratesAmong(int jvms) {
        return ratesOf(window -> window.capacity - window.forNewcomers(), jvms);
    }

    /** What a JVM keeps to by itself that never heard how many there are: so many of them share an eighth of the limits. */
    List<TokenRate> ratesOfNewcomer() {
        return ratesOf(Window::forNewcomers, NEWCOMERS);
    }

    private List<TokenRate> ratesOf(ToIntFunction<Window> capacity, int jvms) {
        List<TokenRate> whole = rates();
        List<TokenRate> parts = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            int shared = capacity.applyAsInt(window);
            TokenRate part = part(window, shared, jvms);
            double fraction = shared == 0 ? 1.0 / NEWCOMERS : (double) shared / window.capacity;
            double most = whole.get(i).perMilli() * fraction / jvms;
            parts.add(new TokenRate(
                    part.unit(), part.windowMillis(), part.burst(), Math.min(part.perMilli(), most), part.usable()));
        }
        return parts;
    }

    /** Each part is whole, or one in a longer time if there are fewer than parts. */
    private TokenRate part(Window window, int shared, int parts) {
        int whole = shared / parts;
        if (share * (whole + 1) >= 2) {
            return new RequestLimits(List.of(new Window(window.unit, whole, window.time)), share, null)
                    .rates()
                    .get(0);
        }
        int times = (int) Math.ceil(parts / (share * (shared == 0 ? 1.0 / NEWCOMERS : shared)));
        return new RequestLimits(List.of(window.slower(times)), DEFAULT_SHARE, null)
                .rates()
                .get(0);
    }

    /** How long a bucket lives on the server without use, in ms: until it would be full, and some windows more. */
    long lifetimeMillis() {
        long longest =
                windows.stream().mapToLong(each -> each.time.toMillis()).max().orElse(0);
        return Math.max(60_000, 3 * longest);
    }

    /** Whether a weight that the source reports concerns one of the windows. */
    boolean countWeight() {
        return windows.stream().anyMatch(each -> each.unit == Unit.WEIGHT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RequestLimits that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** Such as {@code 6000 weight in PT1M, share 0.9}. */
    @Override
    public String toString() {
        return windows.stream()
                        .map(each ->
                                each.capacity + " " + each.unit.name().toLowerCase(Locale.ROOT) + " in " + each.time)
                        .collect(Collectors.joining(" and "))
                + ", share " + share + (burst == null ? "" : ", burst " + burst);
    }
}
