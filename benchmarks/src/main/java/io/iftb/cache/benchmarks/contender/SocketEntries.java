package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.market.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Reference: a bare socket that transfers the bytes of our entries. Values are encoded in advance. */
final class SocketEntries implements EntryContender {

    private final SocketPerThread sockets;
    private final String prefix;
    private final Map<String, byte[]> encoded = new ConcurrentHashMap<>();

    SocketEntries(Endpoint target, String prefix) {
        this.sockets = new SocketPerThread(target.port());
        this.prefix = prefix;
    }

    @Override
    public Object get(String key) {
        return requireNonNull(sockets.get().call("GET", redisKey(key)), key);
    }

    @Override
    public void put(String key, Ticker value) {
        sockets.get().call("SET", redisKey(key), encoded(key, value));
    }

    private byte[] encoded(String key, Ticker value) {
        return encoded.computeIfAbsent(key, missing -> BarRows.TICKERS.encode(value));
    }

    @Override
    public Object getAll(Set<String> keys) {
        List<Object> command = new ArrayList<>(keys.size() + 1);
        command.add("MGET");
        keys.forEach(key -> command.add(redisKey(key)));
        Object values = requireNonNull(sockets.get().call(command.toArray()));
        Map<String, Object> byKey = new LinkedHashMap<>();
        int at = 0;
        for (String key : keys) {
            byKey.put(key, requireNonNull(((List<?>) values).get(at++)));
        }
        return byKey;
    }

    @Override
    public void putAll(Map<String, Ticker> entries) {
        RespSocket socket = sockets.get();
        entries.forEach((key, value) -> socket.send("SET", redisKey(key), encoded(key, value)));
        for (int i = 0; i < entries.size(); i++) {
            socket.receive();
        }
    }

    /** Two round trips; not atomic. */
    @Override
    public Object invoke(String key) {
        RespSocket socket = sockets.get();
        byte[] value = (byte[]) requireNonNull(socket.call("GET", redisKey(key)), key);
        Ticker after = TradeProcessor.after(BarRows.TICKERS.decode(value));
        return requireNonNull(socket.call("SET", redisKey(key), BarRows.TICKERS.encode(after)));
    }

    private String redisKey(String key) {
        return prefix + ":quotes:" + key;
    }

    @Override
    public Ticker value(Object answer) {
        return BarRows.TICKERS.decode((byte[]) answer);
    }

    @Override
    public void close() {
        sockets.close();
    }
}
