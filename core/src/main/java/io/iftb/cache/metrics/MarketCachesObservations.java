package io.iftb.cache.metrics;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.observe.CallListener;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An observation of Micrometer for each call of the caches of a {@link MarketCaches} and of the cache manager that it belongs to:
 * spans of a trace, with OpenTelemetry or another tracer, or timers, as the handlers of the registry make them.
 *
 * <pre>{@code
 * MarketCachesObservations observations = new MarketCachesObservations(caches);
 * observations.bindTo(registry); // until you close the observations
 * }</pre>
 *
 * <p>Its parent is the observation that is current in the thread of the caller, also for calls that complete in another thread. It
 * is current in no thread itself, so what a loader observes has the same parent. Keys are shortened; values and messages of
 * exceptions are never told. Each call allocates while this is open, so leave it out where only counts matter: {@link
 * MarketCachesMetrics} cost calls nothing.
 */
public final class MarketCachesObservations implements AutoCloseable {

    /** The name of all observations. */
    public static final String NAME = "iftb.cache.call";

    private static final String NONE = "none";

    private final MarketCaches caches;
    private final List<CallListener> bound = new CopyOnWriteArrayList<>();

    /** Of the calls of these caches; observes nothing yet. */
    public MarketCachesObservations(MarketCaches caches) {
        this.caches = caches;
    }

    /** Observes calls that begin from now on. */
    public void bindTo(ObservationRegistry registry) {
        CallListener listener = (cacheName, operation, key) -> begun(registry, cacheName, operation, key);
        bound.add(listener);
        caches.addListener(listener);
    }

    /** Observes no further calls. Closing again does nothing. */
    @Override
    public void close() {
        bound.forEach(caches::removeListener);
        bound.clear();
    }

    private static CallListener.@Nullable CallEndListener begun(
            ObservationRegistry registry, String cacheName, String operation, String key) {
        Observation observation = Observation.createNotStarted(NAME, registry);
        if (observation.isNoop()) {
            return null;
        }
        observation
                .contextualName(operation + " " + cacheName)
                .lowCardinalityKeyValue("cache", cacheName)
                .lowCardinalityKeyValue("operation", operation)
                .highCardinalityKeyValue("key", key)
                .start();
        return new Ending(observation);
    }

    private record Ending(Observation observation) implements CallListener.CallEndListener {

        @Override
        public void ended(CallOutcome outcome, CallOrigin origin) {
            stop(outcome, origin.text(), NONE);
        }

        @Override
        public void failed(CallOutcome outcome, String failure) {
            observation.error(new FailedCall(failure));
            stop(outcome, NONE, failure);
        }

        /** All have the same names of values, as registries of metrics want. */
        private void stop(CallOutcome outcome, String origin, String failure) {
            observation
                    .lowCardinalityKeyValue("outcome", outcome.text())
                    .lowCardinalityKeyValue("origin", origin)
                    .lowCardinalityKeyValue("failure", failure)
                    .stop();
        }
    }

    /** Stands for the exception of a call, whose message may hold what the program gave. */
    private static final class FailedCall extends Exception {

        private static final long serialVersionUID = 1L;

        FailedCall(String failure) {
            super(failure, null, false, false);
        }
    }
}
