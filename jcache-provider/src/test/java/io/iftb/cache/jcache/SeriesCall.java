package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A call on one series, as its caller saw it. The bars of a series are blocks of equal length, and all bars of a block have
 * the same value, which is positive; 0 means that a block is absent. The state is the values of all blocks: each call reads or
 * changes it at one moment, also several of its blocks.
 *
 * @param series the symbol
 * @param kind the operation
 * @param from the first block
 * @param to the block after the last; of {@link Kind#LATEST} how many blocks are wanted
 * @param value what it writes
 * @param result what it returned: values, or 1 for true
 */
record SeriesCall(String series, Kind kind, int from, int to, long value, long began, long ended, List<Long> result)
        implements RecordedCall<List<Long>> {

    /** How many blocks a series has. */
    static final int BLOCKS = 12;

    /** A series without bars. */
    static final List<Long> NOTHING = Collections.nCopies(BLOCKS, 0L);

    private static final String SEPARATOR = " ";

    /** The operations. */
    enum Kind {
        /** all blocks of a range in one call */
        PUT,
        /** the values of a range of time */
        RANGE,
        /** number and value of each of the newest blocks, oldest first */
        LATEST,
        /** of the first block */
        GET,
        /** the bar of the first block, which has one bar */
        REMOVE,
        INVALIDATE
    }

    @Override
    public Object effect() {
        return List.of(kind, from, to, value);
    }

    @Override
    public boolean fits(List<Long> now) {
        return isUnknown() || result.equals(resultIn(now));
    }

    /** What the operation returns in a state. */
    List<Long> resultIn(List<Long> now) {
        return switch (kind) {
            case PUT -> List.of();
            case RANGE -> now.subList(from, to);
            case GET -> List.of(now.get(from));
            case LATEST -> newest(now);
            case REMOVE -> List.of(now.get(from) == 0 ? 0L : 1L);
            case INVALIDATE -> List.of(now.equals(NOTHING) ? 0L : 1L);
        };
    }

    private List<Long> newest(List<Long> now) {
        List<Long> found = new ArrayList<>();
        for (int block = BLOCKS - 1; block >= 0 && found.size() < 2 * to; block--) {
            if (now.get(block) != 0) {
                found.addAll(0, List.of((long) block, now.get(block)));
            }
        }
        return found;
    }

    @Override
    public List<Long> after(List<Long> now) {
        List<Long> next = new ArrayList<>(now);
        switch (kind) {
            case PUT -> Collections.fill(next.subList(from, to), value);
            case REMOVE -> next.set(from, 0L);
            case INVALIDATE -> Collections.fill(next, 0L);
            case RANGE, LATEST, GET -> {
                return now;
            }
        }
        return List.copyOf(next);
    }

    /** A line of text for {@link #parse}. */
    String line() {
        return String.join(
                SEPARATOR,
                series,
                kind.name(),
                Integer.toString(from),
                Integer.toString(to),
                Long.toString(value),
                Long.toString(began),
                Long.toString(ended),
                result.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    static SeriesCall parse(String line) {
        String[] parts = line.split(SEPARATOR, -1);
        List<Long> result = parts[7].isEmpty()
                ? List.of()
                : Arrays.stream(parts[7].split(",", -1)).map(Long::valueOf).toList();
        return new SeriesCall(
                parts[0],
                Kind.valueOf(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]),
                result);
    }
}
