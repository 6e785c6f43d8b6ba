package io.iftb.cache.jcache;

import java.util.function.UnaryOperator;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entry that an entry processor reads and changes. Only its final state is applied, as one decision.
 *
 * <p>Creating and then removing an entry has no effect. Only a value that was read and not written counts as an access
 * (JSR-107, {@code MutableEntry}). Used by one thread.
 */
final class ProcessorEntry<K, V> implements MutableEntry<K, V> {

    private final K key;
    private final EntryView<V> view;
    private final UnaryOperator<V> checked;
    private final ReadThrough<K, V> readThrough;

    private State change = State.NONE;
    private @Nullable V value;

    /**
     * @param checked rejects objects that are not values of the cache
     * @param readThrough loads a missing value
     */
    ProcessorEntry(K key, EntryView<V> view, UnaryOperator<V> checked, ReadThrough<K, V> readThrough) {
        this.key = key;
        this.view = view;
        this.checked = checked;
        this.readThrough = readThrough;
        this.value = view.value();
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
        if (change == State.NONE) {
            if (value == null) {
                value = readThrough.of(key).get();
                change = value == null ? State.NONE : State.LOADED;
            } else {
                change = State.READ;
            }
        }
        return value;
    }

    @Override
    public void setValue(V newValue) {
        value = checked.apply(newValue);
        change = State.SET;
    }

    @Override
    public void remove() {
        boolean onlyHere = !view.present() && (change == State.SET || change == State.LOADED);
        value = null;
        change = onlyHere ? State.UNDONE : State.REMOVED;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new IllegalArgumentException("An entry of this provider cannot be unwrapped as " + type.getName());
    }

    /** The decision for its final state. */
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

    /** The state of the entry so far. */
    private enum State {
        NONE,
        READ,
        LOADED,
        SET,
        REMOVED,
        /** created and removed again */
        UNDONE
    }
}
