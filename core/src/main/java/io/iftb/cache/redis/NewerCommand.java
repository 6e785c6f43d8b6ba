package io.iftb.cache.redis;

/** The commands that only newer servers know, and that change a key if its value is as expected. */
enum NewerCommand {
    /** {@code SET … IFEQ}, of Valkey 8.1 and Redis 8.4 */
    SET_IFEQ,
    /** {@code DELIFEQ}, of Valkey 9.0 */
    DELIFEQ,
    /** {@code DELEX … IFEQ}, of Redis 8.4 */
    DELEX_IFEQ
}
