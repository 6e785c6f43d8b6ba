package io.iftb.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.client.codec.Codec;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.command.CommandAsyncService;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.connection.NodeSource;

/**
 * A command with its encoded arguments, which can be sent several times.
 *
 * @param command the command
 * @param key the key for routing and for messages; empty for any server
 * @param arguments all arguments, encoded
 * @param isRead whether sending it twice has the same effect as sending it once
 * @param script the script that it runs; null for a plain command
 * @param primary the server to send it to; null for the server of the key
 * @param attempt the change that the command tries to make; null if there is no other way to make it
 * @param isWhole whether to send the source of the script instead of its hash, so that the server cannot answer NOSCRIPT
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Request(
        Command command,
        String key,
        Object[] arguments,
        boolean isRead,
        @Nullable Script script,
        @Nullable MasterSlaveEntry primary,
        IfEqual.@Nullable Attempt attempt,
        boolean isWhole) {

    private static final RedisCommand<Object> EVAL = new RedisCommand<>("EVAL");

    /** A command on a key. */
    static Request of(Command command, boolean isRead, String key, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = bytes(key);
        for (int i = 0; i < arguments.length; i++) {
            all[i + 1] = bytes(arguments[i]);
        }
        return new Request(command, key, all, isRead, null, null, null, false);
    }

    /** A command without a key. */
    static Request of(Command command, boolean isRead, @Nullable MasterSlaveEntry primary, Object... arguments) {
        Object[] all = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            all[i] = bytes(arguments[i]);
        }
        return new Request(command, "", all, isRead, null, primary, null, false);
    }

    /** A script on keys of one slot. */
    static Request of(Script script, boolean isRead, List<String> keys, Object... arguments) {
        Object[] all = new Object[2 + keys.size() + arguments.length];
        all[0] = bytes(script.sha1());
        all[1] = bytes(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            all[2 + i] = bytes(keys.get(i));
        }
        for (int i = 0; i < arguments.length; i++) {
            all[2 + keys.size() + i] = bytes(arguments[i]);
        }
        return new Request(Command.EVALSHA, keys.get(0), all, isRead, script, null, null, false);
    }

    /** Encodes an argument here, since for text the client library would take a buffer from its pool. */
    private static byte[] bytes(Object argument) {
        if (argument instanceof byte[] bytes) {
            return bytes;
        }
        return argument instanceof Long || argument instanceof Integer
                ? digits(((Number) argument).longValue())
                : argument.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The decimal digits of a number, without a string in between. */
    static byte[] digits(long number) {
        int length = number <= 0 ? 1 : 0;
        for (long rest = number; rest != 0; rest /= 10) {
            length++;
        }
        byte[] digits = new byte[length];
        digits[0] = (byte) (number < 0 ? '-' : '0');
        for (long rest = number; rest != 0; rest /= 10) {
            digits[--length] = (byte) ('0' + Math.abs(rest % 10));
        }
        return digits;
    }

    /** The same command, as an attempt to make a change. */
    Request as(IfEqual.Attempt change) {
        return new Request(command, key, arguments, isRead, script, primary, change, isWhole);
    }

    /** The same script by its source. */
    Request whole(Script source) {
        Object[] all = arguments.clone();
        all[0] = bytes(source.text());
        return new Request(command, key, all, isRead, source, primary, attempt, true);
    }

    /** The name in messages. */
    String name() {
        return script == null ? command.toString() : script.name();
    }

    /**
     * Sends it.
     *
     * @param redirected where the server that was asked first sends it; null for where it belongs
     */
    RFuture<Object> send(CommandAsyncService executor, Codec codec, @Nullable NodeSource redirected) {
        RedisCommand<Object> as = isWhole ? EVAL : command.command;
        boolean isPlainRead = isRead && script == null && primary == null && redirected == null;
        return executor.async(
                isPlainRead, redirected == null ? target(executor) : redirected, codec, as, arguments, true, false);
    }

    private NodeSource target(CommandAsyncService executor) {
        return primary != null
                ? new NodeSource(primary)
                : new NodeSource(Slots.of(key, executor.getConnectionManager()));
    }
}
