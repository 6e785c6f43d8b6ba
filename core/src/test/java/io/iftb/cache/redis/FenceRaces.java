package io.iftb.cache.redis;

import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** One who asks for a fence and the thread of the connection, in each order that compilers and processors make of them. */
public final class FenceRaces {

    private FenceRaces() {}

    /** A connection on which tracking stands; its thread does only what it is told. */
    abstract static class Place {

        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final Queue<TrackingChannel.Answer> written = new ConcurrentLinkedQueue<>();
        private final FenceQueue fences = new FenceQueue();
        private final KeyWatch watch = new KeyWatch(
                new KeyTracking.Shared(new HeardUntil(), fences, new TrackingCounts()), new TrackedListeners());
        private volatile boolean wasWritten;

        Place() {
            watch.stands(prefix -> true, System.nanoTime(), null);
        }

        final CompletableFuture<Long> ask() {
            return fences.ask(Deadline.after(Duration.ofMinutes(1)), tasks::add, () -> watch.sendFence(this::write));
        }

        private void write(TrackingChannel.Answer then) {
            wasWritten = true;
            written.add(then);
        }

        final void runTasks() {
            for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
                next.run();
            }
        }

        final boolean isAsked() {
            return fences.isAsked();
        }

        final boolean wasWritten() {
            return wasWritten;
        }

        final void answer() {
            TrackingChannel.Answer next = written.poll();
            if (next != null) {
                next.answered("PONG", System.nanoTime());
            }
        }

        final void lose() {
            watch.ended("lost");
        }
    }

    private static int done(@Nullable CompletableFuture<Long> fence) {
        return Objects.requireNonNull(fence).isDone() ? 1 : 0;
    }

    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "asked before it was written")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "asked later, and waits for the next")
    @Outcome(expect = Expect.FORBIDDEN, desc = "shares a fence that was written before it asked")
    @State
    public static class AskAgainstAnswer extends Place {

        private @Nullable CompletableFuture<Long> second;

        public AskAgainstAnswer() {
            var unused = ask();
        }

        @Actor
        public void writeAndAnswer() {
            runTasks();
            answer();
        }

        @Actor
        public void askToo(II_Result r) {
            r.r1 = wasWritten() ? 1 : 0;
            second = ask();
        }

        @Arbiter
        public void look(II_Result r) {
            r.r2 = done(second);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "has a fence")
    @Outcome(expect = Expect.FORBIDDEN, desc = "is left behind: nobody sends a fence for it")
    @State
    public static class AskAgainstSend extends Place {

        public AskAgainstSend() {
            var unused = ask();
        }

        @Actor
        public void send() {
            runTasks();
        }

        @Actor
        public void askToo() {
            var unused = ask();
        }

        @Arbiter
        public void finish(I_Result r) {
            runTasks();
            r.r1 = isAsked() ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "has failed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "waits for ever")
    @State
    public static class AskAgainstLoss extends Place {

        private @Nullable CompletableFuture<Long> fence;

        public AskAgainstLoss() {}

        @Actor
        public void askIt() {
            fence = ask();
        }

        @Actor
        public void loseIt() {
            runTasks();
            lose();
        }

        @Arbiter
        public void finish(I_Result r) {
            runTasks();
            r.r1 = done(fence);
        }
    }
}
