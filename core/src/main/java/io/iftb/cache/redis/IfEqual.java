package io.iftb.cache.redis;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change of a key that is made only if its value is as expected: by one plain command where the server has it, else by a
 * script that does the same.
 *
 * @param key the key
 * @param expected the expected value
 * @param update the new value; null to remove the key
 * @param options how {@code SET} gives the lifetime, such as {@code PX 1000}
 * @param script answers 1 if it makes the change, else 0, also for a value of another type than a string
 * @param arguments makes the arguments of the script
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record IfEqual(
        String key,
        byte[] expected,
        byte @Nullable [] update,
        List<Object> options,
        Script script,
        Supplier<Object[]> arguments) {

    private static final List<NewerCommand> CHANGING = List.of(NewerCommand.SET_IFEQ);
    private static final List<NewerCommand> REMOVING = List.of(NewerCommand.DELIFEQ, NewerCommand.DELEX_IFEQ);
    private static final String OPTION = "IFEQ";

    /**
     * What a command is sent for.
     *
     * @param change the change
     * @param way which of its {@link #commands()} it is
     */
    record Attempt(IfEqual change, int way) {

        /** Which of the {@link NewerCommand}s it is. */
        NewerCommand command() {
            return change.commands().get(way);
        }
    }

    /** The commands that can make it, in the order in which they are tried. */
    List<NewerCommand> commands() {
        return update == null ? REMOVING : CHANGING;
    }

    /** The request by one of its {@link #commands()}. */
    Request by(int way) {
        Request request = switch (commands().get(way)) {
            case SET_IFEQ -> Request.of(Command.SET, false, key, setArguments());
            case DELIFEQ -> Request.of(Command.DELIFEQ, false, key, expected);
            case DELEX_IFEQ -> Request.of(Command.DELEX, false, key, OPTION, expected);
        };
        return request.as(new Attempt(this, way));
    }

    private Object[] setArguments() {
        Object[] all = new Object[3 + options.size()];
        all[0] = update == null ? expected : update;
        all[1] = OPTION;
        all[2] = expected;
        for (int i = 0; i < options.size(); i++) {
            all[3 + i] = options.get(i);
        }
        return all;
    }

    /** The request that every server knows. */
    Request byScript() {
        return Request.of(script, false, List.of(key), arguments.get());
    }
}
