package io.iftb.cache.fetch;

import io.iftb.cache.TestServer;
import io.iftb.cache.fetch.SharedTokens.Answer;
import io.iftb.cache.fetch.SharedTokens.Question;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The script on a real server, whose clock is a key that the test writes; some JVMs ask it. */
final class ClockedTokens {

    private static final String CLOCK = "{budget:source}:clock";
    private static final List<Priority> PRIORITIES = List.of(Priority.values());
    private static final Script CLOCKED = clocked();

    private final RedisConnection redis;
    private final RequestLimits limits;
    private final List<SharedTokens> jvms = new ArrayList<>();
    private long now = 1_700_000_000_000L;

    ClockedTokens(RedisConnection redis, RequestLimits limits, int jvms) {
        this.redis = redis;
        this.limits = limits;
        TestServer.flush();
        for (int i = 0; i < jvms; i++) {
            join();
        }
        advance(0);
    }

    /** The script with another clock: {@link Script#load} gives it the hash that the server computes. */
    private static Script clocked() {
        String real = SharedTokens.TAKE_TOKENS.text();
        String other = real.replace("redis.call('TIME')", "{redis.call('GET', '" + CLOCK + "') / 1000, 0}");
        if (other.equals(real)) {
            throw new IllegalStateException("the script does not ask for the time");
        }
        return Script.of("take_tokens.lua", other);
    }

    /** One more JVM. */
    void join() {
        join(limits);
    }

    /** One more JVM, which has other limits; its number. */
    int join(RequestLimits others) {
        jvms.add(new SharedTokens(redis, new Keys(""), "source", others, CLOCKED));
        return jvms.size() - 1;
    }

    void advance(long millis) {
        now += millis;
        redis.await(redis.write(Reply.DONE, Command.SET, CLOCK, now));
    }

    void flush() {
        TestServer.flush();
        advance(0);
    }

    long nowNanos() {
        return TimeUnit.MILLISECONDS.toNanos(now);
    }

    static Priority anyPriority(Random random) {
        return PRIORITIES.get(random.nextInt(PRIORITIES.size()));
    }

    Answer ask(int jvm, Question question) {
        return redis.await(jvms.get(jvm).ask(question));
    }

    Answer take(int jvm, int weight, Priority priority) {
        return ask(jvm, Question.request(weight, priority, 60_000));
    }

    /** Takes until it is refused; how much that was. */
    int takeAll(int jvm, Priority priority) {
        int taken = 0;
        while (take(jvm, 1, priority).isGranted()) {
            taken++;
        }
        return taken;
    }

    /** Lets a time pass in which all JVMs are heard. */
    void idle(long millis) {
        for (long passed = 0; passed < millis; passed += 1_000) {
            advance(Math.min(1_000, millis - passed));
            for (int jvm = 0; jvm < jvms.size(); jvm++) {
                ask(jvm, Question.NOTHING);
            }
        }
    }
}
