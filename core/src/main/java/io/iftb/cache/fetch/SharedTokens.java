package io.iftb.cache.fetch;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bucket of tokens on the server, which all JVMs share that name the same source. */
final class SharedTokens {

    /** How often a JVM lets itself be heard. */
    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** After this time without a word, a JVM may keep to its share by itself, and the others leave that to it. */
    static final Duration SILENT = Duration.ofSeconds(6);

    /** After this time without a word, nothing is left to a JVM any more. */
    static final Duration FORGOTTEN = Duration.ofMinutes(2);

    static final Script TAKE_TOKENS = Script.load(SharedTokens.class, "take_tokens.lua");
    private static final Duration LONGEST_CALL = Duration.ofSeconds(2);

    private final RedisConnection redis;
    private final Script script;
    private final List<String> keys;
    private final String jvm = UUID.randomUUID().toString();
    private final List<Object> limits;
    private final Duration callTime;

    private final CompletableFuture<Void> lastAnswered = new CompletableFuture<>();
    /** Questions without an answer; and one more until this JVM leaves. */
    private int unanswered = 1;

    private boolean hasLeft;

    /**
     * What to ask of it.
     *
     * @param weight of the request; 0 to take nothing
     * @param atMostMillis for how long the caller waits
     * @param stopMillis for how long nobody may ask the source; 0 for none
     * @param usedWeight as the source says; -1 for none
     * @param expectedJvms how many JVMs may come back now, if the server was away; else 0
     */
    record Question(
            int weight, Priority priority, long atMostMillis, long stopMillis, int usedWeight, int expectedJvms) {

        /** Takes nothing. */
        static final Question NOTHING = new Question(0, Priority.ORDER, 0, 0, -1, 0);

        static Question request(int weight, Priority priority, long atMostMillis) {
            return new Question(weight, priority, atMostMillis, 0, -1, 0);
        }

        Question stopping(long millis) {
            return new Question(weight, priority, atMostMillis, millis, usedWeight, expectedJvms);
        }

        Question reporting(int used) {
            return new Question(weight, priority, atMostMillis, stopMillis, used, expectedJvms);
        }

        Question expecting(int jvms) {
            return new Question(weight, priority, atMostMillis, stopMillis, usedWeight, jvms);
        }
    }

    /**
     * What it answers.
     *
     * @param waitMillis until the request may be granted at the earliest
     * @param pauseMillis until it may ask again
     * @param stoppedMillis for how long nobody may ask the source
     * @param jvms how many share the bucket
     * @param otherLimits the limits that another JVM gives to the same source; null if they are the same
     */
    record Answer(
            boolean isGranted,
            long waitMillis,
            long pauseMillis,
            long stoppedMillis,
            int jvms,
            @Nullable String otherLimits) {

        static Answer of(List<Object> parts) {
            byte @Nullable [] other = parts.size() < 6 ? null : (byte[]) parts.get(5);
            return new Answer(
                    (Long) parts.get(0) == 1,
                    (Long) parts.get(1),
                    (Long) parts.get(2),
                    (Long) parts.get(3),
                    Math.toIntExact((Long) parts.get(4)),
                    other == null ? null : new String(other, StandardCharsets.UTF_8));
        }
    }

    SharedTokens(RedisConnection redis, Keys keys, String source, RequestLimits limits) {
        this(redis, keys, source, limits, TAKE_TOKENS);
    }

    /** @param script the script, maybe one that has another clock */
    SharedTokens(RedisConnection redis, Keys keys, String source, RequestLimits limits, Script script) {
        this.redis = redis;
        this.script = script;
        this.keys = List.of(keys.budget(source), keys.budgetJvms(source));
        Duration whole = Duration.ofNanos(redis.deadline().remainingNanos());
        this.callTime = whole.compareTo(LONGEST_CALL) < 0 ? whole : LONGEST_CALL;
        this.limits = new ArrayList<>(
                List.of(SILENT.toMillis(), FORGOTTEN.toMillis(), limits.lifetimeMillis(), limits.toString()));
        for (TokenRate rate : limits.rates()) {
            this.limits.addAll(List.of(
                    rate.unit() + "/" + rate.windowMillis(),
                    rate.unit() == RequestLimits.Unit.WEIGHT ? 1 : 0,
                    rate.burst(),
                    rate.perMilli(),
                    rate.usable()));
        }
    }

    /**
     * Asks in one round trip. Fails with {@link io.iftb.cache.redis.RedisServerException} if the server is away, and with
     * {@link IllegalStateException} once this JVM has left.
     */
    CompletableFuture<Answer> ask(Question question) {
        synchronized (this) {
            if (hasLeft) {
                return CompletableFuture.failedFuture(new IllegalStateException("this JVM has left the budget"));
            }
            unanswered++;
        }
        List<Object> arguments = new ArrayList<>(List.of(
                jvm,
                question.weight,
                question.priority.number(),
                question.atMostMillis,
                question.stopMillis,
                question.usedWeight,
                question.expectedJvms));
        arguments.addAll(limits);
        try {
            return redis.within(Deadline.after(callTime))
                    .run(script, Reply.PARTS, keys, arguments.toArray())
                    .thenApply(Answer::of)
                    .whenComplete((answer, error) -> answered());
        } catch (RuntimeException e) { // such as closed
            answered();
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered() {
        synchronized (this) {
            unanswered--;
            if (unanswered > 0) {
                return;
            }
        }
        lastAnswered.complete(null);
    }

    /**
     * Leaves what this JVM had to the others, once: when all questions are answered, since each says that this JVM is there, and
     * one on another connection may be behind.
     */
    CompletableFuture<?> leave() {
        synchronized (this) {
            hasLeft = true;
        }
        answered();
        return lastAnswered.thenCompose(
                all -> redis.within(Deadline.after(callTime)).write(Reply.INTEGER, Command.ZREM, keys.get(1), jvm));
    }

    /** Whether this JVM asks no more. */
    synchronized boolean hasLeft() {
        return hasLeft;
    }

    /** From which {@link System#nanoTime()} on the others leave its share to this JVM. */
    static long aloneFrom(long lastHeardNanos) {
        return lastHeardNanos + SILENT.toNanos() + TimeUnit.MILLISECONDS.toNanos(100);
    }
}
