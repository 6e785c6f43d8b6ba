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
            default -> throw new IllegalArgumentException("Not a workload on entries: " + load);
        };
    }

    private Task get(String key, Ticker ticker) {
        contender.put(key, ticker);
        return new Task() {
            @Override
            public Object call() {
                return contender.get(key);
            }

            @Override
            public void check() {
                requireEqual(ticker, contender.value(call()));
            }
        };
    }

    private Task put(String key, Ticker ticker) {
        return new Task() {
            @Override
            public Object call() {
                contender.put(key, ticker);
                return key;
            }

            @Override
            public void check() {
                call();
                requireEqual(ticker, contender.value(contender.get(key)));
            }
        };
    }

    private Task getAll(Map<String, Ticker> tickers) {
        contender.putAll(tickers);
        Set<String> keys = tickers.keySet();
        return new Task() {
            @Override
            public Object call() {
                return contender.getAll(keys);
            }

            @Override
            public void check() {
                requireEqual(tickers, contender.values(call()));
            }
        };
    }

    private Task putAll(Map<String, Ticker> tickers) {
        return new Task() {
            @Override
            public Object call() {
                contender.putAll(tickers);
                return tickers;
            }

            @Override
            public void check() {
                call();
                requireEqual(tickers, contender.values(contender.getAll(tickers.keySet())));
            }
        };
    }

    private Task invoke(String key, Ticker ticker) {
        contender.put(key, ticker);
        return new Task() {
            @Override
            public Object call() {
                return contender.invoke(key);
            }

            @Override
            public void check() {
                contender.put(key, ticker);
                call();
                Object actual = contender.value(contender.get(key)).time();
                requireEqual(ticker.time() + 1, actual);
            }
        };
    }
}
