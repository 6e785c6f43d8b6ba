package io.iftb.cache.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names of all old bars, by series and in order of time, 8 bytes a bar. A scan finds them in any order, and a series is
 * written many times faster in its own.
 */
final class OldBars {

    private static final int MOST_DIGITS = 18;

    private final TreeMap<String, Times> series = new TreeMap<>();

    /** The open times of one series, as their keys name them. */
    private static final class Times {

        private long[] numbers = new long[16];
        private int size;
        private boolean isSorted;

        /** Texts that a number does not give back: ISO-8601, fractions. */
        private final TreeSet<String> texts = new TreeSet<>();

        void add(String time) {
            if (!isNumber(time)) {
                texts.add(time);
                return;
            }
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, size + (size >> 1));
            }
            numbers[size++] = Long.parseLong(time);
            isSorted = false;
        }

        private static boolean isNumber(String time) {
            int length = time.length();
            if (length == 0 || length > MOST_DIGITS || (time.charAt(0) == '0' && length > 1)) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (time.charAt(i) < '0' || time.charAt(i) > '9') {
                    return false;
                }
            }
            return true;
        }

        /** Sorts, and removes what a scan has found twice. */
        void sort() {
            if (isSorted) {
                return;
            }
            Arrays.sort(numbers, 0, size);
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || numbers[i] != numbers[i - 1]) {
                    numbers[kept++] = numbers[i];
                }
            }
            size = kept;
            isSorted = true;
        }

        /** Some times after another one; numbers come first, then texts. */
        List<String> after(@Nullable String time, int most) {
            if (time != null && !isNumber(time)) {
                return first(texts.tailSet(time, false), most);
            }
            int at = time == null ? 0 : Arrays.binarySearch(numbers, 0, size, Long.parseLong(time));
            int index = time == null ? 0 : at < 0 ? -at - 1 : at + 1;
            return index < size
                    ? Arrays.stream(numbers, index, Math.min(size, index + most))
                            .mapToObj(Long::toString)
                            .toList()
                    : first(texts, most);
        }

        private static List<String> first(Set<String> times, int most) {
            return times.stream().limit(most).toList();
        }
    }

    /**
     * Some bars of one series, in order of time.
     *
     * @param series as in the keys: {@code SYMBOL:TF}
     * @param times as in the keys
     */
    record Stretch(String series, List<String> times) {

        String last() {
            return times.get(times.size() - 1);
        }
    }

    /** Adds the name of a bar. */
    void add(String ofSeries, String time) {
        Times times = series.get(ofSeries);
        if (times == null) {
            times = new Times();
            series.put(ofSeries, times);
        }
        times.add(time);
    }

    /** How many there are; those that a scan found twice may count twice. */
    long size() {
        return series.values().stream()
                .mapToLong(each -> each.size + each.texts.size())
                .sum();
    }

    /**
     * The bars in stretches; a series is removed from here when all of it was given.
     *
     * @param done the last stretch that is done; null for none
     * @param most bars in a stretch
     */
    Iterator<Stretch> stretches(OldBars.@Nullable Stretch done, int most) {
        if (done != null) {
            series.headMap(done.series(), false).clear();
        }
        return new Iterator<>() {
            private @Nullable String after = done == null || !series.containsKey(done.series()) ? null : done.last();
            private @Nullable Stretch next;

            @Override
            public boolean hasNext() {
                while (next == null && !series.isEmpty()) {
                    String name = series.firstKey();
                    Times times = Objects.requireNonNull(series.get(name));
                    times.sort();
                    List<String> found = times.after(after, most);
                    if (found.isEmpty()) {
                        series.remove(name);
                        after = null;
                    } else {
                        next = new Stretch(name, found);
                        after = next.last();
                    }
                }
                return next != null;
            }

            @Override
            public Stretch next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException();
                }
                Stretch given = next;
                next = null;
                return given;
            }
        };
    }
}
