package io.iftb.cache.exchange;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What an exchange has counted of requests of bars. For tests: clients of an exchange never know. */
public final class ExchangeStats {

    private final LongAdder requests = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder refusedByBan = new LongAdder();
    private final LongAdder bans = new LongAdder();
    private final LongAdder invalid = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder bars = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final Map<Fault, Long> answers = new ConcurrentHashMap<>();
    private final Map<SeriesKey, Map<Long, LongAdder>> closedBars = new ConcurrentHashMap<>();

    void admission(RateLimit.Admission admission) {
        requests.increment();
        switch (admission.status()) {
            case 429 -> refused.increment();
            case 418 -> refusedByBan.increment();
            default -> {}
        }
        if (admission.beginsBan()) {
            bans.increment();
        }
    }

    void invalidRequest() {
        invalid.increment();
    }

    void answer(Fault fault) {
        answers.merge(fault, 1L, Long::sum);
    }

    void sent(int bodyBytes) {
        bytes.add(bodyBytes);
    }

    /** Bars that were sent whole and right. */
    synchronized void served(SeriesKey series, List<OhlcvBar> served, long asOf) {
        bars.add(served.size());
        Map<Long, LongAdder> counts = closedBars.computeIfAbsent(series, any -> new ConcurrentHashMap<>());
        boolean isRepeat = false;
        for (OhlcvBar bar : served) {
            if (series.timeframe().end(bar.openTime()) <= asOf) {
                LongAdder count = counts.computeIfAbsent(bar.openTime(), any -> new LongAdder());
                isRepeat |= count.sum() > 0;
                count.increment();
            }
        }
        if (isRepeat) {
            repeats.increment();
        }
    }

    /** All requests of bars, also those that were refused. */
    public long requests() {
        return requests.sum();
    }

    /** Requests refused by status 429. */
    public long refused() {
        return refused.sum();
    }

    /** Requests refused by status 418. */
    public long refusedByBan() {
        return refusedByBan.sum();
    }

    /** How many bans began. */
    public long bans() {
        return bans.sum();
    }

    /** Requests answered by status 400. */
    public long invalid() {
        return invalid.sum();
    }

    /** How many answers to admitted requests went wrong in a way; {@link Fault#NONE}: how many did not. */
    public long answers(Fault fault) {
        return answers.getOrDefault(fault, 0L);
    }

    /** Bytes of all bodies of answers about bars. */
    public long bytes() {
        return bytes.sum();
    }

    /** Bars sent in right answers, closed or open. */
    public long bars() {
        return bars.sum();
    }

    /** Right answers with a closed bar that an earlier one had, too. */
    public long repeats() {
        return repeats.sum();
    }

    /** How often each closed bar of a series was sent in a right answer, by open time. */
    public Map<Long, Long> closedBars(SeriesKey series) {
        Map<Long, Long> counts = new TreeMap<>();
        closedBars.getOrDefault(series, Map.of()).forEach((openTime, count) -> counts.put(openTime, count.sum()));
        return counts;
    }

    /** How many different closed bars were sent. */
    public long differentClosedBars() {
        return closedBars.values().stream().mapToLong(Map::size).sum();
    }

    /** How often closed bars were sent, of all series. */
    public long closedBars() {
        return closedBars.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToLong(LongAdder::sum)
                .sum();
    }

    /** How often the closed bar was sent that was sent most often. */
    public long mostOftenSent() {
        return closedBars.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToLong(LongAdder::sum)
                .max()
                .orElse(0);
    }

    String json() {
        StringBuilder json = new StringBuilder("{");
        append(json, "requests", requests());
        append(json, "refused", refused());
        append(json, "refusedByBan", refusedByBan());
        append(json, "bans", bans());
        append(json, "invalid", invalid());
        append(json, "right", answers(Fault.NONE));
        append(json, "errors", answers(Fault.ERROR));
        append(json, "cut", answers(Fault.CUT));
        append(json, "stalled", answers(Fault.STALLED));
        append(json, "silent", answers(Fault.SILENT));
        append(json, "bytes", bytes());
        append(json, "bars", bars());
        append(json, "closedBars", closedBars());
        append(json, "differentClosedBars", differentClosedBars());
        append(json, "mostOftenSent", mostOftenSent());
        append(json, "repeats", repeats());
        return json.append('}').toString();
    }

    static String json(Map<Long, Long> counts) {
        StringBuilder json = new StringBuilder("{");
        counts.forEach((openTime, count) -> append(json, openTime.toString(), count));
        return json.append('}').toString();
    }

    private static void append(StringBuilder json, String name, long value) {
        json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(name)
                .append("\":")
                .append(value);
    }
}
