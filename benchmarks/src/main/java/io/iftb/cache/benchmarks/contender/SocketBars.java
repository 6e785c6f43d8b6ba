package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Reference: a bare socket that transfers the bytes of our layout with the simplest commands. The rows of a series are in
 * one string, without pages or gaps; nothing is decoded.
 */
final class SocketBars implements BarContender {

    private static final int CHUNK = 65_536;

    private final SocketPerThread sockets;
    private final String prefix;

    SocketBars(Endpoint target, String prefix) {
        this.sockets = new SocketPerThread(target.port());
        this.prefix = prefix;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        RespSocket socket = sockets.get();
        for (int from = 0; from < bars.size(); from += CHUNK) {
            byte[] rows = BarRows.of(bars.subList(from, Math.min(bars.size(), from + CHUNK)));
            socket.call("APPEND", key(series), rows);
        }
    }

    @Override
    public void remove(SeriesKey series) {
        sockets.get().call("UNLINK", key(series));
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return requireNonNull(sockets.get().call("GETRANGE", key(series), -BarRow.ROW_BYTES * limit, -1));
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        RespSocket socket = sockets.get();
        for (SeriesKey series : universe) {
            socket.send("GETRANGE", key(series), -BarRow.ROW_BYTES * limit, -1);
        }
        List<byte[]> answers = new ArrayList<>(universe.size());
        for (int i = 0; i < universe.size(); i++) {
            answers.add((byte[]) requireNonNull(socket.receive()));
        }
        return answers;
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return requireNonNull(
                sockets.get().call("GETRANGE", key(series), BarRows.offset(from), BarRows.offset(to) - 1));
    }

    /** Writes at the offset that follows from the open time. */
    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        sockets.get().call("SETRANGE", key(series), BarRows.offset(bar.openTime()), BarRows.of(List.of(bar)));
    }

    @Override
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        write(series, bars, BarRows.of(bars));
    }

    /** Writes zeros. */
    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        write(series, bars, new byte[bars.size() * BarRow.ROW_BYTES]);
    }

    private void write(SeriesKey series, List<OhlcvBar> bars, byte[] rows) {
        sockets.get().call("SETRANGE", key(series), BarRows.offset(bars.get(0).openTime()), rows);
    }

    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        RespSocket socket = sockets.get();
        for (long openTime : openTimes) {
            long offset = BarRows.offset(openTime);
            socket.send("GETRANGE", key(series), offset, offset + BarRow.ROW_BYTES - 1);
        }
        List<byte[]> rows = new ArrayList<>(openTimes.size());
        for (int i = 0; i < openTimes.size(); i++) {
            rows.add((byte[]) requireNonNull(socket.receive()));
        }
        return rows;
    }

    private String key(SeriesKey series) {
        return prefix + ":" + series;
    }

    @Override
    public BarSeries bars(Object answer) {
        return answer instanceof List<?> rows ? BarRows.bars(rows) : BarRows.bars((byte[]) answer);
    }

    @Override
    public void close() {
        sockets.close();
    }
}
