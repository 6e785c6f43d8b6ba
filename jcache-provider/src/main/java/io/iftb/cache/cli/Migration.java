package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A migration from another layout, in batches. */
interface Migration {

    /** Goes on from what {@link #state} made, or begins anew if a file was kept before that. */
    void resume(JsonNode state);

    /** How far this has come, to be kept, once a batch was moved. */
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
