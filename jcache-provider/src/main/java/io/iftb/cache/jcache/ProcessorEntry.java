package io.iftb.cache.jcache;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entry that an entry processor sees and changes; only what came of it in the end is done, by its decision.
 *
 * <p>An entry that was created and removed again shows nothing. Only a value that was read and not written counts as an
 * access (JSR-107, {@code MutableEntry}). Used by one thread.
 */
final class ProcessorEntry<K, V> implements MutableEntry<K, V> {

    private final K key;
    private final EntryView<V> seen;
    private final UnaryOperator<V> checked;
    private final Supplier<@Nullable V> loader;

    private Change change = Change.NONE;
    private @Nullable V value;

    /**
     * @param checked refuses what is not a value of the cache
     * @param loader gives a value where there is none; null if it has none
     */
    ProcessorEntry(K key, EntryView<V> seen, UnaryOperator<V> checked, Supplier<@Nullable V> loader) {
        this.key = key;
        this.seen = seen;
        this.checked = checked;
        this.loader = loader;
        this.value = seen.value();
    }

    @Override
    public K getKey() {
        return key;
    }

    @Override
    public boolean exists() {
        return value != null;
    }

    @Override
    public @Nullable V getValue() {
        if (change == Change.NONE) {
            if (value == null) {
                value = loader.get();
                change = value == null ? Change.NONE : Change.LOADED;
            } else {
                change = Change.READ;
            }
        }
        return value;
    }

    @Override
    public void setValue(V newValue) {
        value = checked.apply(newValue);
        change = Change.SET;
    }

    @Override
    public void remove() {
        boolean onlyHere = !seen.present() && (change == Change.SET || change == Change.LOADED);
        value = null;
        change = onlyHere ? Change.UNDONE : Change.REMOVED;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new IllegalArgumentException("An entry of this provider is no " + type.getName());
    }

    /** What came of it. */
    <R> Decision<V, R> decide(@Nullable R result) {
        V end = value;
        return switch (change) {
            case NONE, UNDONE -> Decision.keep(result);
            case READ -> Decision.access(result);
            case LOADED -> end == null ? Decision.keep(result) : Decision.load(end, result);
            case SET -> end == null ? Decision.keep(result) : Decision.store(end, result);
            case REMOVED -> Decision.remove(result);
        };
    }

    /** What has become of the entry so far. */
    private enum Change {
        NONE,
        READ,
        LOADED,
        SET,
        REMOVED,
        /** created and removed again */
        UNDONE
    }
}
