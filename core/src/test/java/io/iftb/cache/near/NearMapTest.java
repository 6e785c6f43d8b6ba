package io.iftb.cache.near;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which values a near cache gives, and which it does not. */
class NearMapTest {

    private static final String REDIS_KEY = "cache:key";
    private static final String KEY = "key";
    private static final long NEVER_HEARD = Long.MAX_VALUE / 2;

    private final AtomicLong notHeardFor = new AtomicLong();
    private final NearMap<Text> map = new NearMap<>(() -> System.nanoTime() - notHeardFor.get(), 1 << 20);
    private final List<CompletableFuture<@Nullable Text>> sent = new ArrayList<>();

    /** A text that is held for a while. */
    private static final class Text extends Held {

        private final String text;

        Text(String text, long untilNanos, int bytes) {
            super(untilNanos, bytes);
            this.text = text;
        }

        static Text of(String text) {
            return new Text(text, System.nanoTime() + TimeUnit.MINUTES.toNanos(1), 10);
        }
    }

    /** A server that answers when the test does. */
    private final KeyReader<Text> server = new KeyReader<>() {

        @Override
        public CompletableFuture<@Nullable Text> send(long began) {
            CompletableFuture<@Nullable Text> reply = new CompletableFuture<>();
            sent.add(reply);
            return reply;
        }

        @Override
        public boolean isSame(Text held, Text brought) {
            return held.text.equals(brought.text);
        }
    };

    private CompletableFuture<@Nullable Text> read() {
        return map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, server);
    }

    private void begin() {
        assertThat(read()).isNotDone();
    }

    private static void fill(NearMap<Text> map, String key, Text text) {
        assertThat(map.read(key, "cache:" + key, NearMap.ANY_TIME, began -> CompletableFuture.completedFuture(text)))
                .isCompletedWithValue(text);
    }

    private @Nullable String held() {
        Text text = map.get(KEY);
        return text == null ? null : text.text;
    }

    @Test
    void read_nothingHappens_isHeld() {
        CompletableFuture<@Nullable Text> read = read();
        assertThat(held()).isNull();

        sent.get(0).complete(Text.of("a"));

        assertThat(read).isCompletedWithValueMatching(text -> text != null && text.text.equals("a"));
        assertThat(held()).isEqualTo("a");
        assertThat(map.hits()).isEqualTo(1);
    }

    @Test
    void read_severalCallers_isSentOnce() {
        CompletableFuture<@Nullable Text> first = read();
        CompletableFuture<@Nullable Text> second = read();

        assertThat(second).isSameAs(first);
        assertThat(sent).hasSize(1);
        assertThat(map.reads()).isEqualTo(1);
    }

    @Test
    void changed_whileReadIsUnderWay_isNotHeldAndNotJoined() {
        CompletableFuture<@Nullable Text> before = read();
        map.changed(REDIS_KEY);
        CompletableFuture<@Nullable Text> after = read();

        sent.get(0).completeExceptionally(new IllegalStateException("late"));
        sent.get(1).complete(Text.of("new"));

        assertThat(after).isNotSameAs(before).isCompleted();
        assertThat(held()).isEqualTo("new");
    }

    /** The server may have carried out the earlier one later, on another connection. */
    @ParameterizedTest
    @EnumSource
    void reads_answeredInAnotherOrder_nobodyGoesBack(Displacing displacing) {
        CompletableFuture<@Nullable Text> first = read();
        displacing.in(map);
        CompletableFuture<@Nullable Text> second = read();
        sent.get(1).complete(Text.of("old"));
        assertThat(second).isCompletedWithValueMatching(text -> text != null && text.text.equals("old"));
        assertThat(held()).isEqualTo("old");

        sent.get(0).complete(Text.of("new"));

        assertThat(first).isCompletedWithValueMatching(text -> text != null && text.text.equals("new"));
        assertThat(held()).as("what was before").isNull();
    }

    @ParameterizedTest
    @EnumSource
    void reads_answeredInAnotherOrderWithNothing_nobodyGoesBack(Displacing displacing) {
        CompletableFuture<@Nullable Text> first = read();
        displacing.in(map);
        begin();
        sent.get(1).complete(Text.of("old"));

        sent.get(0).complete(null);

        assertThat(first).isCompletedWithValue(null);
        assertThat(held()).as("what was removed").isNull();
    }

    @ParameterizedTest
    @EnumSource
    void reads_laterOneIsStillUnderWay_whoJoinsItDoesNotGoBack(Displacing displacing) {
        begin();
        displacing.in(map);
        CompletableFuture<@Nullable Text> second = read();
        sent.get(0).complete(Text.of("new"));
        CompletableFuture<@Nullable Text> third = read();
        assertThat(sent).hasSize(2);

        sent.get(1).complete(Text.of("old"));

        assertThat(second).as("who joined before").isCompleted();
        assertThat(held()).isNull();
        assertThat(third).isNotDone();
        sent.get(2).complete(Text.of("new"));
        assertThat(third).isCompletedWithValueMatching(text -> text != null && text.text.equals("new"));
        assertThat(held()).isEqualTo("new");
    }

    @ParameterizedTest
    @EnumSource
    void reads_thatBringTheSame_areHeld(Displacing displacing) {
        begin();
        displacing.in(map);
        begin();
        sent.get(0).complete(Text.of("new"));
        CompletableFuture<@Nullable Text> third = read();
        sent.get(1).complete(Text.of("new"));

        assertThat(third).isCompletedWithValueMatching(text -> text != null && text.text.equals("new"));
        assertThat(sent).hasSize(2);
        assertThat(held()).isEqualTo("new");
    }

    /** Else whoever wants the key waits for ever. */
    @Test
    void read_comparingFails_failsToo() {
        CompletableFuture<@Nullable Text> first = map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, new KeyReader<>() {
            @Override
            public CompletableFuture<@Nullable Text> send(long began) {
                return server.send(began);
            }

            @Override
            public boolean isSame(Text held, Text brought) {
                throw new IllegalStateException("cannot compare");
            }
        });
        map.changed(REDIS_KEY);
        begin();
        sent.get(1).complete(Text.of("old"));

        sent.get(0).complete(Text.of("new"));

        assertThat(first).isCompletedExceptionally();
        assertThatThrownBy(first::join).hasRootCauseMessage("cannot compare");
        assertThat(sent).hasSize(2);
    }

    /** Else fenced reads of a key that nobody changes would take each other's place, and nothing would be held. */
    @Test
    void readSince_youngReadThatWasOvertaken_isJoinedIfItBringsTheSame() {
        begin();
        long asked = System.nanoTime();
        var unused = map.read(KEY, REDIS_KEY, asked, server);
        sent.get(0).complete(Text.of("a"));
        CompletableFuture<@Nullable Text> joined = map.read(KEY, REDIS_KEY, asked, server);
        assertThat(sent).hasSize(2);

        sent.get(1).complete(Text.of("a"));

        assertThat(joined).isCompleted();
        assertThat(held()).isEqualTo("a");
    }

    /** What takes the place of a key from a read under way. */
    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private enum Displacing {
        CHANGED(map -> map.changed(REDIS_KEY)),
        DROPPED(map -> map.drop(KEY)),
        ALL_DROPPED(NearMap::dropAll);

        private final Consumer<NearMap<Text>> action;

        Displacing(Consumer<NearMap<Text>> action) {
            this.action = action;
        }

        void in(NearMap<Text> map) {
            action.accept(map);
        }
    }

    @Test
    void drop_whileReadIsUnderWay_isNotHeldAndNotJoined() {
        CompletableFuture<@Nullable Text> before = read();
        map.drop(KEY);

        sent.get(0).complete(Text.of("old"));

        assertThat(held()).isNull();
        assertThat(read()).isNotSameAs(before);
    }

    @Test
    void dropAll_whileReadIsUnderWay_isNotHeldAndNotJoined() {
        CompletableFuture<@Nullable Text> before = read();
        map.dropAll();

        sent.get(0).complete(Text.of("old"));

        assertThat(held()).isNull();
        assertThat(read()).isNotSameAs(before);
    }

    @Test
    void changed_ofHeldValue_isGone() {
        begin();
        sent.get(0).complete(Text.of("a"));

        map.changed(REDIS_KEY);

        assertThat(held()).isNull();
        assertThat(map.changes()).isEqualTo(1);
    }

    @Test
    void changed_ofUnknownKey_isNothing() {
        map.changed("cache:other");

        assertThat(map.changes()).isZero();
        assertThat(map.size()).isZero();
    }

    @Test
    void get_valueThatHasEnded_isMiss() {
        begin();
        sent.get(0).complete(new Text("a", System.nanoTime() - 1, 10));

        assertThat(held()).isNull();
    }

    @Test
    void get_nothingHeardWithinBound_isMiss() {
        begin();
        sent.get(0).complete(Text.of("a"));

        notHeardFor.set(NearMap.BOUND_NANOS + 1);
        assertThat(held()).isNull();
        assertThat(map.isHearing()).isFalse();

        notHeardFor.set(NEVER_HEARD);
        assertThat(held()).isNull();

        notHeardFor.set(0);
        assertThat(held()).isEqualTo("a");
    }

    @Test
    void read_absent_isNotHeld() {
        CompletableFuture<@Nullable Text> read = read();
        sent.get(0).complete(null);

        assertThat(read).isCompletedWithValue(null);
        begin();
        assertThat(sent).hasSize(2);
    }

    @Test
    void read_fails_givesItsPlaceBack() {
        CompletableFuture<@Nullable Text> read = read();
        sent.get(0).completeExceptionally(new IllegalStateException("lost"));

        assertThatThrownBy(read::join).hasRootCauseMessage("lost");
        CompletableFuture<@Nullable Text> again = read();
        sent.get(1).complete(Text.of("a"));
        assertThat(again).isCompleted();
        assertThat(held()).isEqualTo("a");
    }

    @Test
    void read_cannotBeSent_givesItsPlaceBack() {
        assertThatThrownBy(() -> map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, began -> {
                    throw new IllegalStateException("closed");
                }))
                .hasMessage("closed");

        begin();
        assertThat(sent).hasSize(1);
    }

    @Test
    void readSince_olderReadUnderWay_isSentAgain() {
        CompletableFuture<@Nullable Text> before = read();
        long asked = System.nanoTime();
        CompletableFuture<@Nullable Text> fenced = map.read(KEY, REDIS_KEY, asked, began -> {
            CompletableFuture<@Nullable Text> reply = new CompletableFuture<>();
            sent.add(reply);
            return reply;
        });

        assertThat(fenced).isNotSameAs(before);
        sent.get(0).complete(Text.of("a"));
        assertThat(held()).isNull();
        sent.get(1).complete(Text.of("a"));
        assertThat(held()).isEqualTo("a");
    }

    @Test
    void read_moreThanThereIsRoomFor_staysWithinBound() {
        NearMap<Text> small = new NearMap<>(System::nanoTime, 100_000);
        for (int i = 0; i < 1_000; i++) {
            String text = "value" + i;
            fill(small, "key" + i, new Text(text, System.nanoTime() + TimeUnit.MINUTES.toNanos(1), 1_000));
        }

        long held = 0;
        for (int i = 0; i < 1_000; i++) {
            Text text = small.get("key" + i);
            if (text != null) {
                assertThat(text.text).isEqualTo("value" + i);
                held++;
            }
        }
        assertThat(held).isBetween(1L, 100L);
        assertThat(small.bytes()).isBetween(held * 1_000, small.maxBytes());
    }

    @Test
    void bytes_valueThatComesAndGoes_areThoseOfKeysAndValues() {
        fill(map, KEY, new Text("a", System.nanoTime() + TimeUnit.MINUTES.toNanos(1), 10_000));
        assertThat(map.bytes()).isBetween(10_000L, 11_000L);

        map.changed(REDIS_KEY);
        assertThat(map.bytes()).as("of the key, which has a place still").isBetween(1L, 1_000L);

        map.dropAll();
        assertThat(map.bytes()).isZero();
        assertThat(map.maxBytes()).isEqualTo(1 << 20);
    }

    @Test
    void changed_afterEvictionAndNewRead_findsTheNewPlace() {
        NearMap<Text> small = new NearMap<>(System::nanoTime, 3_000);
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < 20; i++) {
                String key = "key" + i;
                fill(small, key, new Text("old", System.nanoTime() + TimeUnit.MINUTES.toNanos(1), 500));
                small.changed("cache:" + key);
                assertThat(small.get(key)).isNull();
            }
        }
    }

    @Test
    void read_valueLargerThanAllRoom_isGivenAndNotHeld() {
        NearMap<Text> small = new NearMap<>(System::nanoTime, 1_000);
        CompletableFuture<@Nullable Text> read = small.read(
                KEY,
                REDIS_KEY,
                NearMap.ANY_TIME,
                began -> CompletableFuture.completedFuture(
                        new Text("large", System.nanoTime() + TimeUnit.MINUTES.toNanos(1), 2_000)));

        assertThat(read).isCompletedWithValueMatching(text -> text != null && text.text.equals("large"));
        assertThat(small.get(KEY)).isNull();
        assertThat(small.size()).isZero();
    }

    @Test
    void seen_another_isGoneAndReadUnderWayDoesNotFill() {
        begin();
        map.seen(KEY, held -> held.text.equals("new"));
        sent.get(0).complete(Text.of("old"));
        assertThat(held()).isNull();

        begin();
        sent.get(1).complete(Text.of("new"));
        map.seen(KEY, held -> held.text.equals("newer"));
        assertThat(held()).isNull();
    }

    /** Else callers that ask beside the map all the time would let nothing be held. */
    @Test
    void seen_whileAReadIsUnderWayThatBringsTheSame_isHeld() {
        begin();
        map.seen(KEY, held -> held.text.equals("a"));
        map.seen(KEY, held -> held.text.length() == 1);
        sent.get(0).complete(Text.of("a"));

        assertThat(held()).isEqualTo("a");
    }

    @Test
    void seen_byManyWhileAReadIsUnderWay_mustAllBeWhatItBrings() {
        begin();
        map.seen(KEY, held -> held.text.equals("b"));
        map.seen(KEY, held -> held.text.length() == 1);
        sent.get(0).complete(Text.of("a"));
        assertThat(held()).isNull();

        begin();
        for (int i = 0; i < 10_000; i++) {
            map.seen(KEY, held -> held.text.equals("a"));
        }
        sent.get(1).complete(Text.of("a"));
        assertThat(held()).isIn("a", null);
    }

    @Test
    void read_ofWhatWasSeenWhileAReadIsUnderWay_getsThatOrReadsAgain() {
        begin();
        map.seen(KEY, held -> held.text.equals("new"));
        CompletableFuture<@Nullable Text> same = read();
        sent.get(0).complete(Text.of("new"));
        assertThat(same).isCompletedWithValueMatching(text -> text != null && text.text.equals("new"));
        assertThat(held()).isEqualTo("new");
        map.drop(KEY);

        begin();
        map.seen(KEY, held -> held.text.equals("new"));
        CompletableFuture<@Nullable Text> other = read();
        assertThat(sent).hasSize(2);
        sent.get(1).complete(Text.of("old"));
        assertThat(other).isNotDone();
        sent.get(2).complete(Text.of("new"));
        assertThat(other).isCompletedWithValueMatching(text -> text != null && text.text.equals("new"));
        assertThat(held()).isEqualTo("new");
    }

    @Test
    void changed_afterSomebodyHasSeenMore_leavesTheReadUnderWayNothing() {
        begin();
        map.seen(KEY, held -> held.text.equals("new"));
        map.changed(REDIS_KEY);
        sent.get(0).complete(Text.of("new"));

        assertThat(held()).isNull();
    }

    @Test
    void read_failsAfterSomebodyHasSeenMore_leavesNothing() {
        begin();
        map.seen(KEY, held -> held.text.equals("new"));
        sent.get(0).completeExceptionally(new IllegalStateException("lost"));

        assertThat(read()).isNotDone();
        sent.get(1).complete(Text.of("new"));
        assertThat(held()).isEqualTo("new");
    }

    @Test
    void read_longKeys_takeRoomToo() {
        NearMap<Text> small = new NearMap<>(System::nanoTime, 100_000);
        for (int i = 0; i < 100; i++) {
            fill(small, "k".repeat(4_000) + i, Text.of("a"));
        }

        assertThat(small.size()).isBetween(1L, 12L);
    }

    @Test
    void changed_largeValues_leaveTheirRoomToOthers() {
        NearMap<Text> small = new NearMap<>(System::nanoTime, 20_000);
        for (int i = 0; i < 20; i++) {
            fill(small, "large" + i, new Text("a", System.nanoTime() + TimeUnit.MINUTES.toNanos(1), 10_000));
            small.changed("cache:large" + i);
        }

        assertThat(small.size()).isEqualTo(20);
    }

    @Test
    void seen_theSame_isStillHeld() {
        begin();
        sent.get(0).complete(Text.of("a"));
        map.seen(KEY, held -> held.text.equals("a"));
        map.seen("unknown", held -> false);

        assertThat(held()).isEqualTo("a");
    }

    @Test
    void read_heldIsNotEnough_isSent() {
        begin();
        sent.get(0).complete(Text.of("a"));
        KeyReader<Text> more = new KeyReader<>() {
            @Override
            public CompletableFuture<@Nullable Text> send(long began) {
                return CompletableFuture.completedFuture(Text.of("ab"));
            }

            @Override
            public boolean isAnsweredBy(Text held) {
                return held.text.length() > 1;
            }
        };

        assertThat(map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, more)).isCompleted();
        assertThat(held()).isEqualTo("ab");
        long reads = map.reads();
        assertThat(map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, more)).isCompleted();
        assertThat(map.reads()).isEqualTo(reads);
    }

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private @Nullable String stale(long maxAgeNanos) {
        Text text = map.stale(KEY, maxAgeNanos);
        return text == null ? null : text.text;
    }

    /** As a connection is lost: freshness is revoked first. */
    private void lose() {
        long heard = System.nanoTime() - notHeardFor.getAndSet(NEVER_HEARD);
        map.lost(heard);
    }

    @Test
    void lost_valuesAreKept_areStaleAndNotFresh() {
        map.keepStale();
        fill(map, KEY, Text.of("a"));
        lose();

        assertThat(held()).isNull();
        assertThat(stale(MINUTE)).isEqualTo("a");
        assertThat(map.ageNanos()).isBetween(0L, MINUTE);
        assertThat(stale(0)).isNull();
    }

    @Test
    void lost_again_isAsOldAsBefore() {
        map.keepStale();
        fill(map, KEY, Text.of("a"));
        map.lost(System.nanoTime() - MINUTE);
        map.lost(System.nanoTime());

        assertThat(map.ageNanos()).isGreaterThanOrEqualTo(MINUTE);
        assertThat(stale(MINUTE)).isNull();
    }

    @Test
    void lost_valuesAreNotKept_areDropped() {
        fill(map, KEY, Text.of("a"));
        lose();
        assertThat(stale(MINUTE)).isNull();
        assertThat(map.size()).isZero();
    }

    @Test
    void lost_heardAgain_nothingIsGiven() {
        map.keepStale();
        fill(map, KEY, Text.of("a"));
        lose();
        map.dropAll();
        assertThat(stale(MINUTE)).isNull();
        notHeardFor.set(0);
        assertThat(held()).isNull();
        assertThat(stale(MINUTE)).isNull();
        assertThat(read()).isNotDone();
    }

    @Test
    void stale_droppedSeenOrChanged_isNotGiven() {
        map.keepStale();
        for (Runnable change : List.<Runnable>of(
                () -> map.drop(KEY),
                () -> map.changed(REDIS_KEY),
                () -> map.seen(KEY, held -> held.text.equals("b")))) {
            notHeardFor.set(0);
            fill(map, KEY, Text.of("a"));
            lose();
            assertThat(stale(MINUTE)).isEqualTo("a");
            change.run();
            assertThat(stale(MINUTE)).isNull();
            map.dropAll();
        }
        notHeardFor.set(0);
        fill(map, KEY, Text.of("a"));
        lose();
        map.seen(KEY, held -> held.text.equals("a"));
        assertThat(stale(MINUTE)).isEqualTo("a");
    }

    @Test
    void stale_itsLifetimeHasEnded_isNotGiven() {
        map.keepStale();
        fill(map, KEY, new Text("a", System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300), 10));
        lose();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        while (System.nanoTime() - end <= 0) {
            Thread.onSpinWait();
        }
        assertThat(stale(MINUTE)).isNull();
    }

    /** A read that must not be answered by what is held. */
    private CompletableFuture<@Nullable Text> readMore(NearMap<Text> map, boolean saysNothing) {
        CompletableFuture<@Nullable Text> reply = new CompletableFuture<>();
        sent.add(reply);
        var unused = map.read(KEY, REDIS_KEY, NearMap.ANY_TIME, new KeyReader<>() {
            @Override
            public CompletableFuture<@Nullable Text> send(long began) {
                return reply;
            }

            @Override
            public boolean isAnsweredBy(Text held) {
                return false;
            }

            @Override
            public boolean saysNothing(Throwable failure) {
                return saysNothing;
            }
        });
        return reply;
    }

    @Test
    void read_failsAndSaysNothing_leavesWhatWasHeld() {
        map.keepStale();
        fill(map, KEY, Text.of("a"));
        CompletableFuture<@Nullable Text> reply = readMore(map, true);
        assertThat(held()).isNull();
        lose();
        assertThat(stale(MINUTE)).isEqualTo("a");
        reply.completeExceptionally(new IllegalStateException("not asked"));
        assertThat(stale(MINUTE)).isEqualTo("a");
    }

    @Test
    void read_failsAfterAChange_restoresNothing() {
        fill(map, KEY, Text.of("a"));
        CompletableFuture<@Nullable Text> reply = readMore(map, true);
        map.changed(REDIS_KEY);
        reply.completeExceptionally(new IllegalStateException("not asked"));
        assertThat(held()).isNull();
    }

    @Test
    void read_failsAndSaysSomething_restoresNothing() {
        fill(map, KEY, Text.of("a"));
        CompletableFuture<@Nullable Text> reply = readMore(map, false);
        reply.completeExceptionally(new IllegalStateException("holds another type"));
        assertThat(held()).isNull();
    }

    /** As a thread that stops where it asks whether changes are heard, until they are heard again. */
    @Test
    void read_heardAgainWhileItLooks_isNotAnsweredByWhatWasKept() {
        AtomicReference<Runnable> whenAsked = new AtomicReference<>(() -> {});
        NearMap<Text> kept = new NearMap<>(
                () -> {
                    whenAsked.getAndSet(() -> {}).run();
                    return System.nanoTime() - notHeardFor.get();
                },
                1 << 20);
        kept.keepStale();
        fill(kept, KEY, Text.of("old"));
        kept.lost(System.nanoTime() - notHeardFor.getAndSet(NEVER_HEARD));
        whenAsked.set(() -> {
            kept.dropAll();
            notHeardFor.set(0);
        });

        assertThat(kept.read(KEY, REDIS_KEY, NearMap.ANY_TIME, began -> new CompletableFuture<>()))
                .isNotDone();
    }
}
