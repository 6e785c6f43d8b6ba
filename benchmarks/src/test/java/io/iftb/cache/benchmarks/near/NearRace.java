package io.iftb.cache.benchmarks.near;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.benchmarks.near.CountedKey.Promise;
import io.iftb.cache.benchmarks.near.CountedKey.Seen;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Writers of every kind, and readers that check each answer, until a number of writes is done. */
final class NearRace implements AutoCloseable {

    private static final int KEYS = 24;
    private static final int BATCH = 12;
    private static final long KILL_EVERY = 40_000;
    private static final long FLUSH_EVERY = 2_000;
    private static final int WRITERS = 3;
    private static final int READERS = 3;
    private static final int SHORT_LIFETIME = 20;

    private final int port;
    private final long seed;
    private final NearClient here;
    private final NearClient there;
    private final List<Raced> entries = new ArrayList<>();
    private final List<Raced> series = new ArrayList<>();
    private final AtomicLong rounds;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong absent = new AtomicLong();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean writing = true;

    /** A key, and what the readers of both clients saw of it. */
    record Raced(CountedKey key, Seen here, Seen there) {

        Raced(String name) {
            this(new CountedKey(name), new Seen(), new Seen());
        }

        String name() {
            return key.name();
        }

        Seen seenBy(Side side) {
            return side == Side.HERE ? here : there;
        }
    }

    /** Which of the two clients. */
    private enum Side {
        HERE,
        THERE
    }

    /**
     * A write of a key.
     *
     * @param lifetime ms, or 0 for none
     */
    record Write(Raced raced, long value, long lifetime) {

        static Write next(Raced raced, Random random) {
            return new Write(raced, raced.key.next(), random.nextInt(8) == 0 ? 1 + random.nextInt(SHORT_LIFETIME) : 0);
        }
    }

    NearRace(String uri, int port, long seed, long rounds) {
        this.port = port;
        this.seed = seed;
        this.rounds = new AtomicLong(rounds);
        this.here = new NearClient(uri);
        this.there = new NearClient(uri);
        for (int i = 0; i < KEYS; i++) {
            entries.add(new Raced("k" + i));
            series.add(new Raced("S" + i));
        }
    }

    NearClient here() {
        return here;
    }

    boolean isHearing() {
        return here.isHearing() && there.isHearing();
    }

    /** What was wrong, each a sentence. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    long reads() {
        return reads.get();
    }

    long absent() {
        return absent.get();
    }

    void run() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> writers = new ArrayList<>();
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(seed + 100 + i);
                Side side = i == READERS - 1 ? Side.THERE : Side.HERE;
                readers.add(threads.submit(() -> read(side, random)));
            }
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed + i);
                writers.add(threads.submit(() -> write(random)));
            }
            for (Future<?> each : writers) {
                each.get();
            }
            writing = false;
            for (Future<?> each : readers) {
                each.get();
            }
        } finally {
            writing = false;
            threads.shutdownNow();
        }
    }

    // ---- writers

    private Void write(Random random) throws Exception {
        try (RespSocket raw = new RespSocket(port)) {
            for (long left = rounds.getAndAdd(-BATCH); left > 0; left = rounds.getAndAdd(-BATCH)) {
                if (isDue(left, KILL_EVERY)) {
                    killTracking(raw);
                } else if (isDue(left, FLUSH_EVERY)) {
                    flush(raw);
                } else if (random.nextInt(8) == 0) {
                    writeSeries(random, raw);
                } else {
                    writeEntries(random, raw);
                }
            }
        }
        return null;
    }

    private static boolean isDue(long left, long every) {
        return left / every != (left - BATCH) / every;
    }

    /** Several keys at once, so that many rounds take little time. */
    private void writeEntries(Random random, RespSocket raw) throws Exception {
        List<Raced> all = some(entries, random);
        lock(all);
        try {
            List<Write> writes =
                    all.stream().map(each -> Write.next(each, random)).toList();
            int kind = random.nextInt(5);
            if (kind < 2) {
                NearClient client = kind == 0 ? here : there;
                client.write(writes);
                writes.forEach(each -> each.raced
                        .seenBy(client == here ? Side.HERE : Side.THERE)
                        .atLeast(each.value));
            } else {
                writes.forEach(each -> send(raw, each, random.nextInt(4) == 0));
                writes.forEach(each -> raw.receive());
            }
            writes.forEach(each -> each.raced.key.acknowledged(each.value, each.lifetime));
            readAsWriter(all.get(random.nextInt(BATCH)), random);
        } finally {
            unlock(all);
        }
    }

    /** Before what was written is heard. */
    private void readAsWriter(Raced one, Random random) throws Exception {
        if (random.nextInt(4) == 0) {
            check(one, Side.HERE, Promise.FENCED, () -> here.readToDecide(one.name()), "to decide, by a writer");
        }
        check(one, Side.HERE, Promise.BOUNDED, () -> here.read(one.name()), "get by a writer");
    }

    private void send(RespSocket raw, Write write, boolean removes) {
        byte[] name = (NearClient.CACHE + ":" + write.raced.name()).getBytes(StandardCharsets.UTF_8);
        if (removes) {
            raw.send("DEL", name);
        } else if (write.lifetime == 0) {
            raw.send("SET", name, here.encode(write.value));
        } else {
            raw.send("SET", name, here.encode(write.value), "PX", write.lifetime);
        }
    }

    private void writeSeries(Random random, RespSocket raw) throws Exception {
        List<Raced> all = some(series, random);
        lock(all);
        try {
            List<Write> writes =
                    all.stream().map(each -> Write.next(each, random)).toList();
            int kind = random.nextInt(20);
            if (kind < 1) {
                writes.forEach(each -> raw.send("DEL", "ohlcv:{" + NearClient.series(each.raced.name()) + "}"));
                writes.forEach(each -> raw.receive());
            } else {
                NearClient client = kind % 2 == 0 ? here : there;
                client.writeBars(writes, kind < 4);
                writes.forEach(each -> each.raced
                        .seenBy(client == here ? Side.HERE : Side.THERE)
                        .atLeast(each.value));
            }
            writes.forEach(each -> each.raced.key.acknowledged(each.value, each.lifetime));
            readSeries(here, Side.HERE, random);
        } finally {
            unlock(all);
        }
    }

    private static List<Raced> some(List<Raced> all, Random random) {
        int from = random.nextInt(KEYS - BATCH + 1);
        return all.subList(from, from + BATCH);
    }

    /** Always in the same order. */
    private static void lock(List<Raced> all) {
        all.forEach(each -> each.key.writing.lock());
    }

    private static void unlock(List<Raced> all) {
        all.forEach(each -> each.key.writing.unlock());
    }

    private void flush(RespSocket raw) {
        List<Raced> all = new ArrayList<>(entries);
        all.addAll(series);
        lock(all);
        try {
            List<Long> values = all.stream().map(each -> each.key.next()).toList();
            raw.call("FLUSHALL");
            for (int i = 0; i < all.size(); i++) {
                all.get(i).key.acknowledged(values.get(i), 0);
            }
        } finally {
            unlock(all);
        }
    }

    /** Kills the connections that track prefixes. */
    static void killTracking(RespSocket raw) {
        String clients = new String((byte[]) requireNonNull(raw.call("CLIENT", "LIST")), StandardCharsets.UTF_8);
        for (String client : clients.lines().toList()) {
            if (client.matches(".* flags=[a-zA-Z]*B.*")) {
                try {
                    raw.call("CLIENT", "KILL", "ID", client.replaceAll("^id=(\\d+) .*", "$1"));
                } catch (IllegalStateException another) {
                    // has killed it
                }
            }
        }
    }

    // ---- readers

    private Void read(Side side, Random random) throws Exception {
        NearClient client = side == Side.HERE ? here : there;
        while (writing) {
            if (random.nextInt(3) == 0) {
                readSeries(client, side, random);
            } else {
                readEntry(client, side, random);
            }
        }
        return null;
    }

    private void readEntry(NearClient client, Side side, Random random) throws Exception {
        Raced raced = entries.get(random.nextInt(KEYS));
        String key = raced.name();
        switch (random.nextInt(50)) {
            case 0, 1 -> check(raced, side, Promise.FENCED, () -> client.readFenced(key), "fenced");
            case 2, 3, 4 -> check(raced, side, Promise.FENCED, () -> client.readToDecide(key), "to decide");
            case 5, 6 -> {
                List<String> batch =
                        some(entries, random).stream().map(Raced::name).toList();
                String first = batch.get(0);
                check(
                        entries.get(Integer.parseInt(first.substring(1))),
                        side,
                        Promise.BOUNDED,
                        () -> client.readBatch(batch, first),
                        "batch");
            }
            default -> check(raced, side, Promise.BOUNDED, () -> client.read(key), "get");
        }
    }

    private void readSeries(NearClient client, Side side, Random random) throws Exception {
        Raced raced = series.get(random.nextInt(KEYS));
        String key = raced.name();
        switch (random.nextInt(20)) {
            case 0 -> check(raced, side, Promise.FENCED, () -> client.readLatestFenced(key), "latest fenced");
            case 1 -> check(raced, side, Promise.BOUNDED, () -> client.readBar(key), "bar");
            case 2, 6 -> check(raced, side, Promise.BOUNDED, () -> client.readRange(key), "range");
            case 3 ->
                check(raced, side, Promise.BOUNDED, () -> client.readUniverse(List.of(key, "S"), key), "universe");
            case 4, 7 -> check(raced, side, Promise.BOUNDED, () -> client.readLatest(key, 30), "latest 30");
            case 5 -> check(raced, side, Promise.BOUNDED, () -> client.readLatest(key, 2_000), "latest 2,000");
            default -> check(raced, side, Promise.BOUNDED, () -> client.readLatest(key, 2), "latest");
        }
    }

    private void check(Raced raced, Side side, Promise promise, Callable<Long> read, String how) throws Exception {
        reads.incrementAndGet();
        long found = raced.key.check(
                raced.seenBy(side),
                promise,
                read,
                (value, what) -> wrong.add(how + " of " + raced.name() + " " + side + ": value " + value + " " + what));
        if (found == 0) {
            absent.incrementAndGet();
        }
    }

    /**
     * What still differs from the server although nobody writes. Waits until what was written with a lifetime is gone on both
     * sides, so that it does not end between the two reads, and for a fence, so that every write was heard.
     */
    List<String> stale() throws Exception {
        Thread.sleep(SHORT_LIFETIME);
        here.readFenced(entries.get(0).name());
        List<String> stale = new ArrayList<>();
        for (Raced each : entries) {
            long held = here.read(each.name());
            long stored = here.readToDecide(each.name());
            if (held != stored) {
                stale.add(each.name() + " is " + held + ", on the server " + stored);
            }
        }
        return stale;
    }

    @Override
    public void close() {
        here.close();
        there.close();
    }
}
