package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.EntryContender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.Ticker;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Tasks on cache entries.
 *
 * @param contender the contender
 * @param load the load
 */
record EntryTasks(EntryContender contender, Load load) {

    Task task(int thread) {
        Map<String, Ticker> tickers = SyntheticData.tickers(Math.max(1, load.size("keys")));
        String key = "THREAD" + thread;
        Ticker ticker = Objects.requireNonNull(tickers.get("SYM0USDT"));
        return switch (load.workload()) {
            case GET -> get(key, ticker);
            case PUT -> put(key, ticker);
            case GET_ALL -> getAll(tickers);
            case PUT_ALL -> putAll(tickers);
            case INVOKE -> invoke(key, ticker);
            case NEAR_GET -> nearGet(tickers);
            default -> throw new IllegalArgumentException("Not a workload on entries: " + load);
        };
    }

    private Task get(String key, Ticker ticker) {
        contender.put(key, ticker);
        return Task.of(() -> contender.get(key), answer -> requireEqual(ticker, contender.value(answer)));
    }

    /** All threads read the same keys. */
    private Task nearGet(Map<String, Ticker> tickers) {
        String[] keys = tickers.keySet().toArray(new String[0]);
        tickers.forEach(contender::put);
        return new RepeatedTask(
                turn -> contender.get(keys[turn % keys.length]),
                (turn, answer) -> requireEqual(
                        Objects.requireNonNull(tickers.get(keys[turn % keys.length])), contender.value(answer)));
    }

    private Task put(String key, Ticker ticker) {
        return Task.of(
                () -> {
                    contender.put(key, ticker);
                    return key;
                },
                answer -> requireEqual(ticker, contender.value(contender.get(key))));
    }

    private Task getAll(Map<String, Ticker> tickers) {
        contender.putAll(tickers);
        Set<String> keys = tickers.keySet();
        return Task.of(() -> contender.getAll(keys), answer -> requireEqual(tickers, contender.values(answer)));
    }

    private Task putAll(Map<String, Ticker> tickers) {
        return Task.of(
                () -> {
                    contender.putAll(tickers);
                    return tickers;
                },
                answer -> requireEqual(tickers, contender.values(contender.getAll(tickers.keySet()))));
    }

    private Task invoke(String key, Ticker ticker) {
        contender.put(key, ticker);
        return Task.of(() -> contender.invoke(key), answer -> {
            contender.put(key, ticker);
            contender.invoke(key);
            requireEqual(ticker.time() + 1, contender.value(contender.get(key)).time());
        });
    }
}
