package io.iftb.cache.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a set or the keys of a map, while they are read as trees, see {@link GraphKryo}.
 *
 * <p>A hashed container compares elements of equal hash with each other. Anybody can make lists of one hash, and a few
 * megabytes of them would keep a reader busy for hours. So what a container will compare is counted before it is filled, see
 * {@link BoundedInput#compare}. A comparison takes as many bytes as the element has, with what its own sets compare; so sets in
 * sets count too.
 */
final class TreeElements {

    /** Fewer elements compare little, if they hold no others that are hashed and are not hashed with what holds them. */
    private static final int FEW = 32;

    /** Bytes of a comparison by a class of the application, which mostly begins with an id. */
    private static final int OWN_EQUALS = 16;

    /** A million slots are enough: of a payload's elements some dozens at most share one by chance. */
    private static final int MOST_BITS = 20;

    /** The slots of an empty {@code Hashtable}. */
    private static final int FIRST_CHAINS = 11;

    private static final ClassValue<Boolean> IS_ORDERED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isOrdered(type);
        }
    };

    private final GraphKryo kryo;
    private final BoundedInput input;
    private final Object[] elements;
    private final int[] costs;
    private int count;
    private long bytes;
    private long nested;

    TreeElements(GraphKryo kryo, BoundedInput input) {
        this.kryo = kryo;
        this.input = input;
        this.elements = new Object[input.readCount()];
        this.costs = new int[elements.length];
    }

    int size() {
        return elements.length;
    }

    /** Reads the next one. */
    void read() {
        int start = input.position();
        long compared = input.compared();
        kryo.enterTree();
        Object element = kryo.readClassAndObject(input);
        kryo.leaveTree();
        int length = input.position() - start;
        long inside = input.compared() - compared;
        bytes += length;
        nested += inside;
        boolean isOwn = element != null && !Trust.isOfPlatform(element.getClass());
        costs[count] = isOwn ? OWN_EQUALS : (int) Math.min(Integer.MAX_VALUE, length + inside);
        elements[count++] = element;
    }

    /** Those that were read, for a container that does not hash. */
    Object[] all() {
        return elements;
    }

    /**
     * Those that were read, for a container that hashes.
     *
     * @throws CorruptValueException if it would compare too much
     */
    Object[] all(Hashing hashing) {
        if (count < FEW && nested == 0 && !kryo.isInTree()) {
            return elements;
        }
        input.compare(bytes); // hashed once more for each container around it
        if (hashing == Hashing.TREES && !kryo.isKey() && areOrdered()) {
            return elements;
        }
        if (hashing == Hashing.CHAINS || kryo.isKey()) { // a key is read as the collection that its class declares
            countChains();
        }
        if (hashing != Hashing.CHAINS) {
            countTrees();
        }
        if (hashing == Hashing.PROBES) {
            countProbes();
        }
        return elements;
    }

    /** Whether all are of one class by whose order a {@code HashMap} finds them. */
    private boolean areOrdered() {
        Class<?> first = count == 0 ? null : orderedClass(elements[0]);
        if (first == null) {
            return count == 0;
        }
        for (Object element : elements) {
            if (element == null || element.getClass() != first) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Class<?> orderedClass(@Nullable Object element) {
        Class<?> type = element == null ? null : element.getClass();
        return type != null && IS_ORDERED.get(type) ? type : null;
    }

    /** Whether a class implements {@code Comparable} of itself, as {@code HashMap} asks for it. */
    private static boolean isOrdered(Class<?> type) {
        if (!Comparable.class.isAssignableFrom(type)) {
            return false;
        }
        try {
            for (Type each : type.getGenericInterfaces()) {
                if (each instanceof ParameterizedType generic
                        && generic.getRawType() == Comparable.class
                        && generic.getActualTypeArguments()[0] == type) {
                    return true;
                }
            }
            return false;
        } catch (TypeNotPresentException e) {
            return false; // of another interface
        }
    }

    /** By slots, in which few have another hash: a table of the hashes themselves could be attacked as well. */
    private void countTrees() {
        int bits = Math.min(MOST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(count));
        int[] counts = new int[1 << bits];
        @Nullable Class<?>[] ordered = new Class<?>[1 << bits];
        for (int i = 0; i < count; i++) {
            int slot = mixed(hash(i)) & (counts.length - 1);
            @Nullable Class<?> type = orderedClass(elements[i]);
            if (counts[slot] == 0) {
                ordered[slot] = type;
            } else if (type == null || ordered[slot] != type) {
                ordered[slot] = null;
                compare(counts[slot], costs[i]);
            }
            counts[slot]++;
        }
    }

    private int hash(int i) {
        return Objects.hashCode(elements[i]);
    }

    private static int mixed(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
        return mixed ^ (mixed >>> 16);
    }

    /** By the slots that a {@code Hashtable} has while it grows. */
    private void countChains() {
        int from = 0;
        for (int slots = FIRST_CHAINS; from < count; slots = 2 * slots + 1) {
            int to = (int) Math.min(count, slots * 3L / 4);
            int[] counts = new int[slots];
            for (int i = 0; i < to; i++) {
                int slot = (hash(i) & Integer.MAX_VALUE) % slots;
                if (i >= from) {
                    compare(counts[slot], costs[i]);
                }
                counts[slot]++;
            }
            from = to;
        }
    }

    /** By twice as many slots, which are a ring: an element whose slot is taken is compared with what is there, and goes on. */
    private void countProbes() {
        int[] counts = new int[2 * count];
        long sum = 0;
        for (int i = 0; i < count; i++) {
            counts[Math.floorMod(hash(i), counts.length)]++;
            sum += costs[i];
        }
        long waiting = 0;
        for (int here : counts) {
            waiting = Math.max(0, waiting + here - 1);
        }
        for (int here : counts) { // once more, with those that wait at the end for the first slots
            waiting = Math.max(0, waiting + here - 1);
            compare(waiting, sum / count);
        }
    }

    /** Counts comparisons of an element when it is added, and as many when its container is compared with another one. */
    private void compare(long others, long cost) {
        input.compare(2 * others * cost);
    }
}
