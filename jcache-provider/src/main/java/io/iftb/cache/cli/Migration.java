package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A migration from another layout, in batches. */
interface Migration {

    /** Goes on from what {@link #state} made. */
    void resume(JsonNode state);

    /** Whether this has come to a point from which it can go on. */
    boolean hasState();

    /** How far this has come, to be kept; see {@link #hasState}. */
    Map<String, @Nullable Object> state();

    /** What was done so far. */
    MigrationReport report();

    /**
     * Moves what is left.
     *
     * @param shell for a progress bar
     * @param moved runs after each batch
     */
    void run(Shell shell, Runnable moved);
}
