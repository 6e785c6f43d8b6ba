package io.iftb.cache.store;

import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.EntryStore.Condition;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A write to a bar under a condition: a script does it if the bar belongs to the head, else it is an edit of pages. */
abstract class BarWrite {

    private static final Script PUT = SeriesScripts.loadChange("put_bar.lua");
    private static final Script COMPARE_AND_SET = SeriesScripts.loadChange("compare_and_set_bar.lua");
    private static final byte[] NOTHING = {};

    final SeriesScripts scripts;
    final BarKey key;

    private BarWrite(SeriesScripts scripts, BarKey key) {
        this.scripts = scripts;
        this.key = key;
    }

    /** Runs the script. */
    abstract CompletableFuture<List<Object>> run(Commands commands);

    /** Changes the page of the bar. */
    abstract Written edit(PageEdit edit);

    /** A channel and an event at the end; null for none. */
    Object @Nullable [] event() {
        return null;
    }

    /**
     * The outcome of a write.
     *
     * @param held whether the condition held
     * @param previous the value before; null if there was none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Written(boolean held, byte @Nullable [] previous) {}

    static void requireStorable(BarKey key, byte[] value) {
        if (value.length != BarRow.VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "the value for key " + key + " has " + value.length + " bytes; a bar has " + BarRow.VALUE_BYTES);
        }
        if (BarRow.openTime(value) != key.openTime()) {
            throw new IllegalArgumentException("the bar for key " + key + " opens at " + BarRow.openTime(value)
                    + "; the open times of a key and its bar must be the same");
        }
    }

    static final class Put extends BarWrite {

        private final byte[] value;
        private final Lifetimes lifetimes;
        private final Condition condition;

        Put(SeriesScripts scripts, BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
            super(scripts, key);
            this.value = value;
            this.lifetimes = lifetimes;
            this.condition = condition;
            requireStorable(key, value);
        }

        @Override
        CompletableFuture<List<Object>> run(Commands commands) {
            Object[] arguments = {condition, lifetimes.creation(), lifetimes.update(), value};
            return scripts.run(commands, PUT, Reply.PARTS, key.series(), arguments);
        }

        @Override
        Written edit(PageEdit edit) {
            PageEdit.Row row = edit.row(key.openTime());
            byte[] previous = row == null ? null : row.value();
            if ((condition == Condition.ABSENT && row != null) || (condition == Condition.PRESENT && row == null)) {
                return new Written(false, previous);
            }
            long lifetime = row == null ? lifetimes.creation() : lifetimes.update();
            if (lifetime != EXPIRED) {
                edit.put(value, row != null && lifetime == KEEP ? row.expiry() : edit.expiry(lifetime));
            } else if (row != null) {
                edit.remove(key.openTime());
            }
            return new Written(true, previous);
        }
    }

    static final class CompareAndSet extends BarWrite {

        private final Change<BarKey> change;
        private final Object[] arguments;
        private final boolean hasEvent;

        CompareAndSet(SeriesScripts scripts, Change<BarKey> change, ChangeChannel events) {
            super(scripts, change.key());
            this.change = change;
            byte[] expected = change.expected();
            byte[] update = change.update();
            Object[] plain = {
                key.openTime(),
                expected == null ? NOTHING : expected,
                update == null ? NOTHING : update,
                change.lifetime()
            };
            this.arguments = events.with(plain, scripts.keys().bar(key), change.event());
            this.hasEvent = arguments.length > plain.length;
        }

        @Override
        CompletableFuture<List<Object>> run(Commands commands) {
            byte[] update = change.update();
            if (update != null) {
                requireStorable(key, update);
            }
            return scripts.run(commands, COMPARE_AND_SET, Reply.PARTS, key.series(), arguments);
        }

        @Override
        Object @Nullable [] event() {
            return hasEvent ? arguments : null;
        }

        @Override
        Written edit(PageEdit edit) {
            PageEdit.Row row = edit.row(key.openTime());
            byte[] previous = row == null ? null : row.value();
            if (!Arrays.equals(previous, change.expected())) {
                return new Written(false, previous);
            }
            byte[] update = change.update();
            if (update != null && change.lifetime() != EXPIRED) {
                long kept = row == null ? BarRow.NEVER : row.expiry();
                edit.put(update, change.lifetime() == KEEP ? kept : edit.expiry(change.lifetime()));
            } else {
                edit.remove(key.openTime());
            }
            return new Written(true, previous);
        }
    }
}
