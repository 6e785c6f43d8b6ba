package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.FailureText;
import io.iftb.cache.observe.CallOutcome;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;

/**
 * The semantics of a JSR-107 operation on one entry, as data: a rule that decides on a view of the entry, and a single
 * command with the same effect, if there is one.
 *
 * @param kind the command
 * @param value the value that the command writes; null if it writes none
 * @param compared other values that the caller gives: one to compare, and one to write then
 * @param rule makes the decision
 * @param <V> the type of the value
 * @param <R> the type of the result
 */
record Operation<V, R>(OperationKind kind, @Nullable V value, List<V> compared, Rule<V, R> rule) {

    private Operation(OperationKind kind, @Nullable V value, Rule<V, R> rule) {
        this(kind, value, List.of(), rule);
    }

    /** Decides on a view of an entry. */
    @FunctionalInterface
    interface Rule<V, R> {
        Decision<V, R> decide(EntryView<V> view);
    }

    /** The values that the caller gives. */
    List<V> given() {
        return value == null ? compared : List.of(value);
    }

    /** The method of the cache, as it is told. */
    String method() {
        return switch (kind) {
            case COMPARE -> compared.isEmpty() ? "invoke" : compared.size() == 1 ? "remove" : "replace";
            default -> kind.method();
        };
    }

    /** How it ended with a result, as it is told. */
    CallOutcome outcome(@Nullable R result) {
        if (kind.reads()) {
            return CallOutcome.found(result);
        }
        if (result instanceof Boolean done && !(kind == OperationKind.COMPARE && compared.isEmpty())) {
            return kind == OperationKind.CONTAINS ? CallOutcome.found(done) : CallOutcome.changed(done);
        }
        return CallOutcome.DONE;
    }

    Decision<V, R> decide(EntryView<V> view) {
        return rule.decide(view);
    }

    static <V> Operation<V, V> get() {
        return new Operation<>(
                OperationKind.GET, null, view -> view.present() ? Decision.access(view.value()) : Decision.keep(null));
    }

    static <V> Operation<V, Boolean> containsKey() {
        return new Operation<>(OperationKind.CONTAINS, null, view -> Decision.keep(view.present()));
    }

    static <V> Operation<V, Void> put(V value) {
        return new Operation<>(OperationKind.PUT, value, view -> Decision.store(value, null));
    }

    static <V> Operation<V, Boolean> putIfAbsent(V value) {
        return new Operation<>(
                OperationKind.PUT_IF_ABSENT,
                value,
                view -> view.present() ? Decision.keep(false) : Decision.store(value, true, false));
    }

    static <V> Operation<V, V> getAndPut(V value) {
        return new Operation<>(OperationKind.GET_AND_PUT, value, view -> Decision.store(value, view.value()));
    }

    static <V> Operation<V, Boolean> replace(V value) {
        return new Operation<>(
                OperationKind.PUT_IF_PRESENT,
                value,
                view -> view.present() ? Decision.store(value, true) : Decision.keep(false));
    }

    static <V> Operation<V, V> getAndReplace(V value) {
        return new Operation<>(
                OperationKind.GET_AND_PUT_IF_PRESENT,
                value,
                view -> view.present() ? Decision.store(value, view.value()) : Decision.keep(null));
    }

    /** An entry with another value counts as accessed (JSR-107, table of {@code ExpiryPolicy}). */
    static <V> Operation<V, Boolean> replace(V oldValue, V newValue) {
        return new Operation<>(OperationKind.COMPARE, null, List.of(oldValue, newValue), view -> {
            if (!view.present()) {
                return Decision.keep(false);
            }
            return holds(view, oldValue) ? Decision.store(newValue, true) : Decision.access(false);
        });
    }

    static <V> Operation<V, Boolean> remove() {
        return new Operation<>(OperationKind.REMOVE, null, view -> Decision.remove(view.present()));
    }

    static <V> Operation<V, V> getAndRemove() {
        return new Operation<>(OperationKind.GET_AND_REMOVE, null, view -> Decision.remove(view.value()));
    }

    /** An entry with another value counts as accessed (JSR-107, table of {@code ExpiryPolicy}). */
    static <V> Operation<V, Boolean> remove(V oldValue) {
        return new Operation<>(OperationKind.COMPARE, null, List.of(oldValue), view -> {
            if (!view.present()) {
                return Decision.keep(false);
            }
            return holds(view, oldValue) ? Decision.remove(true) : Decision.access(false);
        });
    }

    /**
     * Runs a processor, and applies the final state of its entry.
     *
     * @param entry creates the entry for the processor from a view
     */
    static <K, V, T> Operation<V, T> process(
            EntryProcessor<K, V, T> processor, Object[] arguments, Function<EntryView<V>, ProcessorEntry<K, V>> entry) {
        return new Operation<>(OperationKind.COMPARE, null, view -> {
            ProcessorEntry<K, V> processed = entry.apply(view);
            try {
                return processed.decide(processor.process(processed, arguments));
            } catch (EntryProcessorException | OutcomeUnknownException e) {
                throw e;
            } catch (Exception e) { // also a checked one, which other languages let through
                throw new EntryProcessorException(FailureText.of(e), e);
            }
        });
    }

    /**
     * Gets the value, or loads it if there is none.
     *
     * @param loader returns null if it has no value either
     */
    static <V> Operation<V, V> getOrLoad(Supplier<@Nullable V> loader) {
        return new Operation<>(OperationKind.LOAD, null, view -> {
            if (view.value() != null) {
                return Decision.access(view.value());
            }
            V loaded = loader.get();
            return loaded == null ? Decision.keep(null) : Decision.load(loaded, loaded);
        });
    }

    /** Stores a loaded value, whether or not there is an entry. */
    static <V> Operation<V, V> reload(V loaded) {
        return new Operation<>(OperationKind.LOAD, null, view -> Decision.load(loaded, loaded));
    }

    /**
     * Stores a loaded value as a new entry, in place of an old one or of none, by the first decision only: if the entry is changed
     * before that is carried out, the change is newer.
     */
    static <V> Operation<V, V> renew(V loaded) {
        AtomicBoolean decided = new AtomicBoolean();
        return new Operation<>(
                OperationKind.LOAD,
                loaded,
                view -> decided.compareAndSet(false, true) ? Decision.renew(loaded, loaded) : Decision.keep(loaded));
    }

    /** Compares arrays by their elements, since values are stored by value. */
    private static <V> boolean holds(EntryView<V> view, V value) {
        return Objects.deepEquals(value, view.value());
    }
}
