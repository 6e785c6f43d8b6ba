package io.iftb.cache.near;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads at one key of a {@link NearMap}, in each order that compilers and processors make of them. The value of the key
 * is 0 before it changes, and 1 afterwards.
 */
public final class NearRaces {

    private static final String KEY = "key";
    private static final String REDIS_KEY = "cache:key";
    private static final long LONG = 1L << 60;

    private static final int NOTHING = -1;
    private static final int WAITS = -2;

    /** As many bytes as two keys take. */
    private static final int ROOM_FOR_TWO = 500;

    private NearRaces() {}

    private static final class Counted extends Held {

        private final int value;

        Counted(long began, int value) {
            super(began + LONG, 8);
            this.value = value;
        }
    }

    /** A server with one value, and what this JVM holds of it. */
    abstract static class Place {

        private final NearMap<Counted> map;
        private volatile int server;

        Place(int maxBytes) {
            map = new NearMap<>(System::nanoTime, maxBytes);
        }

        final NearMap<Counted> map() {
            return map;
        }

        final void write() {
            server = 1;
        }

        /** A write of this program. */
        final void writeHere() {
            map.drop(KEY);
            write();
            map.drop(KEY);
        }

        /** A write of another program, of which this one has heard when this returns. */
        final void writeElsewhere() {
            write();
            map.changed(REDIS_KEY);
        }

        /** Begins a read whose reply comes from somebody else. */
        final void begin(CompletableFuture<@Nullable Counted> reply) {
            var unused = map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, began -> reply);
        }

        final int read(long since) {
            return read(KEY, since);
        }

        final void readOthers() {
            read("a", NearMap.ANY_TIME);
            read("b", NearMap.ANY_TIME);
        }

        private int read(String key, long since) {
            CompletableFuture<@Nullable Counted> read = map.read(
                    key, "cache:" + key, since, began -> CompletableFuture.completedFuture(new Counted(began, server)));
            if (!read.isDone()) {
                return WAITS;
            }
            Counted found = read.join();
            return found == null ? NOTHING : found.value;
        }

        final int held() {
            Counted held = map.get(KEY);
            return held == null ? NOTHING : held.value;
        }
    }

    private static Counted old() {
        return new Counted(System.nanoTime(), 0);
    }

    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "nothing is held")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the value of a read is held that began before the change")
    @State
    public static class FillAgainstChange extends Place {

        private final CompletableFuture<@Nullable Counted> reply = new CompletableFuture<>();

        public FillAgainstChange() {
            super(1 << 20);
            begin(reply);
        }

        @Actor
        public void fill() {
            reply.complete(old());
        }

        @Actor
        public void change() {
            writeElsewhere();
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = held();
        }
    }

    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "nothing is held")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the value of a read is held that began before all was lost")
    @State
    public static class FillAgainstLoss extends Place {

        private final CompletableFuture<@Nullable Counted> reply = new CompletableFuture<>();

        public FillAgainstLoss() {
            super(1 << 20);
            begin(reply);
        }

        @Actor
        public void fill() {
            reply.complete(old());
        }

        @Actor
        public void lose() {
            map().dropAll();
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = held();
        }
    }

    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "nothing is held")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an older value is held than what the server said beside the map")
    @State
    public static class FillAgainstSeen extends Place {

        private final CompletableFuture<@Nullable Counted> reply = new CompletableFuture<>();

        public FillAgainstSeen() {
            super(1 << 20);
            begin(reply);
        }

        @Actor
        public void fill() {
            reply.complete(old());
        }

        @Actor
        public void see() {
            map().seen(KEY, held -> held.value == 1);
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = held();
        }
    }

    @JCStressTest
    @Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "read before the write, and dropped")
    @Outcome(id = "1, -1", expect = Expect.ACCEPTABLE, desc = "read after the write, and dropped")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "read after the write")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an old value is held after the write")
    @State
    public static class ReadAgainstOwnWrite extends Place {

        public ReadAgainstOwnWrite() {
            super(1 << 20);
        }

        @Actor
        public void readIt(II_Result r) {
            r.r1 = read(NearMap.ANY_TIME);
        }

        @Actor
        public void writeIt() {
            writeHere();
        }

        @Arbiter
        public void look(II_Result r) {
            r.r2 = held();
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "what was written")
    @Outcome(expect = Expect.FORBIDDEN, desc = "who has written joins a read from before")
    @State
    public static class JoinAfterOwnWrite extends Place {

        private final CompletableFuture<@Nullable Counted> reply = new CompletableFuture<>();

        public JoinAfterOwnWrite() {
            super(1 << 20);
            begin(reply);
        }

        @Actor
        public void fill() {
            reply.complete(old());
        }

        @Actor
        public void writeAndRead(I_Result r) {
            writeHere();
            r.r1 = read(NearMap.ANY_TIME);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"-1, -1, -1", "-1, 0, -1", "-1, 0, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "held until it was dropped")
    @Outcome(expect = Expect.FORBIDDEN, desc = "what was dropped comes back")
    @State
    public static class DropAgainstGet extends Place {

        public DropAgainstGet() {
            super(1 << 20);
            read(NearMap.ANY_TIME);
        }

        @Actor
        public void writeIt(III_Result r) {
            writeHere();
            r.r1 = held();
        }

        @Actor
        public void getTwice(III_Result r) {
            r.r2 = held();
            r.r3 = held();
        }
    }

    /** No message tells of the write, so the time alone keeps a reader from the older read. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "read after the fence")
    @Outcome(id = "1, -2", expect = Expect.ACCEPTABLE, desc = "joined a read from after the write")
    @Outcome(id = "-2, 1", expect = Expect.ACCEPTABLE, desc = "the other joined the read from after the fence")
    @Outcome(expect = Expect.FORBIDDEN, desc = "joined a read from before the fence")
    @State
    public static class JoinAfterFence extends Place {

        public JoinAfterFence() {
            super(1 << 20);
        }

        @Actor
        public void readAny(II_Result r) {
            r.r1 = read(NearMap.ANY_TIME);
        }

        @Actor
        public void readFenced(II_Result r) {
            write();
            r.r2 = read(System.nanoTime());
        }
    }

    @JCStressTest
    @Outcome(
            id = {"-1", "1"},
            expect = Expect.ACCEPTABLE,
            desc = "the change was found")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a value is held that its change does not find")
    @State
    public static class RoomAgainstRead extends Place {

        public RoomAgainstRead() {
            super(ROOM_FOR_TWO);
        }

        @Actor
        public void makeRoom() {
            readOthers();
        }

        @Actor
        public void readIt() {
            read(NearMap.ANY_TIME);
        }

        @Arbiter
        public void change(I_Result r) {
            writeElsewhere();
            r.r1 = held();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"-1", "1"},
            expect = Expect.ACCEPTABLE,
            desc = "the change was found")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a value is held that its change did not find")
    @State
    public static class RoomAgainstChange extends Place {

        public RoomAgainstChange() {
            super(ROOM_FOR_TWO);
            read(NearMap.ANY_TIME);
        }

        @Actor
        public void makeRoomAndRead() {
            readOthers();
            read(NearMap.ANY_TIME);
        }

        @Actor
        public void change() {
            writeElsewhere();
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = held();
        }
    }
}
