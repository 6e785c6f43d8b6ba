package io.iftb.cache.redis;

import org.redisson.client.protocol.RedisCommand;

/** The commands of the server that the caches use, by their Redis names. */
public enum Command {
    /** users and their rights */
    ACL,
    /** this connection, and the others */
    CLIENT,
    /** the state of a Redis Cluster */
    CLUSTER,
    /** how the server is configured */
    CONFIG,
    /** removes keys */
    DEL,
    /** removes a key if its value is as expected, in Redis 8.4 */
    DELEX,
    /** removes a key if its value is as expected, in Valkey 9.0 */
    DELIFEQ,
    /** runs a script by its hash */
    EVALSHA,
    /** whether a key exists */
    EXISTS,
    /** reads a value */
    GET,
    /** reads and removes a value */
    GETDEL,
    /** reads a value and changes its lifetime */
    GETEX,
    /** reads a part of a value */
    GETRANGE,
    /** properties of the connection, and the role of the server */
    HELLO,
    /** properties of the server */
    INFO,
    /** memory of a key */
    MEMORY_USAGE,
    /** reads values */
    MGET,
    /** asks for an answer */
    PING,
    /** the remaining lifetime of a key */
    PTTL,
    /** sends a message to a channel */
    PUBLISH,
    /** a step of a walk over the keys */
    SCAN,
    /** scripts, with the sub-command {@code LOAD} */
    SCRIPT,
    /** writes a value */
    SET,
    /** hears the messages of a channel */
    SUBSCRIBE,
    /** the server's clock */
    TIME,
    /** removes keys, memory is freed in the background */
    UNLINK,
    /** members of a sorted set by rank */
    ZRANGE,
    /** removes members of a sorted set */
    ZREM;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, but not annotated as such
    final RedisCommand<Object> command = command(name());

    /** A command of two words is one with a sub-command. */
    private static RedisCommand<Object> command(String name) {
        int between = name.indexOf('_');
        return between < 0
                ? new RedisCommand<>(name)
                : new RedisCommand<>(name.substring(0, between), name.substring(between + 1));
    }

    /** The name as the server knows it. */
    @Override
    public String toString() {
        return name().replace('_', ' ');
    }
}
