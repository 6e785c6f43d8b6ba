package io.iftb.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one thing in one registry. They hold it weakly: once it is gone, counters stay and gauges have no value.
 *
 * @param <T> the type of the thing
 */
final class Meters<T> {

    private final MeterRegistry registry;
    private final Tags tags;
    private final T thing;
    private final List<Meter> registered = new ArrayList<>();

    Meters(MeterRegistry registry, Tags tags, T thing) {
        this.registry = registry;
        this.tags = tags;
        this.thing = thing;
    }

    /** A count since this JVM opened the thing. */
    Meters<T> count(MeterName name, ToDoubleFunction<T> value) {
        return count(name, Tags.empty(), value);
    }

    /** A count with tags of its own. */
    Meters<T> count(MeterName name, Tags more, ToDoubleFunction<T> value) {
        registered.add(FunctionCounter.builder(name.meterName(), thing, value)
                .tags(tags.and(more))
                .description(name.meaning())
                .baseUnit(name.unit())
                .register(registry));
        return this;
    }

    /** A value of now. */
    Meters<T> gauge(MeterName name, ToDoubleFunction<T> value) {
        registered.add(Gauge.builder(name.meterName(), thing, value)
                .tags(tags)
                .description(name.meaning())
                .baseUnit(name.unit())
                .register(registry));
        return this;
    }

    /** 1 if something is so, else 0. */
    Meters<T> state(MeterName name, Predicate<T> isSo) {
        return gauge(name, of -> isSo.test(of) ? 1 : 0);
    }

    /** A time in seconds; without a value for null. */
    Meters<T> seconds(MeterName name, Time<T> time) {
        return gauge(name, of -> {
            Duration found = time.of(of);
            return found == null ? Double.NaN : found.toNanos() / 1e9;
        });
    }

    /** A time of a thing. */
    @FunctionalInterface
    interface Time<T> {
        @Nullable
        Duration of(T thing);
    }

    /** Takes them out of the registry. */
    void remove() {
        registered.forEach(registry::remove);
        registered.clear();
    }
}
