package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SendQueueTest {

    private final List<String> sent = new ArrayList<>();

    @Test
    void add_moreThanConnections_sendsTheRestInOrderWhenSomeEnd() {
        SendQueue queue = queue(2, 100);
        for (String name : List.of("a", "b", "c", "d", "e")) {
            assertThat(queue.add(command(name))).isTrue();
        }
        assertThat(sent).containsExactly("a", "b");

        queue.addAgain(command("again"));
        queue.release();
        queue.release();

        assertThat(sent).containsExactly("a", "b", "again", "c");
    }

    @Test
    void add_tooManyWait_isRefusedAndCountsForNothing() {
        SendQueue queue = queue(1, 2);
        assertThat(queue.add(command("a"))).isTrue();
        assertThat(queue.add(command("b"))).isTrue();
        assertThat(queue.add(command("c"))).isTrue();
        assertThat(queue.add(command("d"))).isFalse();

        queue.release();

        assertThat(queue.add(command("e"))).isTrue();
        assertThat(sent).containsExactly("a", "b");
    }

    @Test
    void release_withdrawnCommands_arePassedOver() {
        SendQueue queue = queue(1, 10);
        queue.add(command("a"));
        queue.add(new Command("withdrawn", false));
        queue.add(command("b"));

        queue.release();

        assertThat(sent).containsExactly("a", "b");
    }

    @Test
    void release_commandsThatEndAtOnce_needNoStackForEach() {
        SendQueue queue = queue(1, 100_000);
        queue.add(command("first"));
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 50_000; i++) {
            queue.add(new SendQueue.Sendable() {
                @Override
                public boolean isToBeSent() {
                    return true;
                }

                @Override
                public void sendNow() {
                    ended.incrementAndGet();
                    queue.release();
                }
            });
        }
        queue.release();

        assertThat(ended).hasValue(50_000);
    }

    @Test
    void manyThreads_addAndRelease_eachIsSentOnceAndNeverTooManyAtOnce() throws Exception {
        int commands = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        ExecutorService server = Executors.newFixedThreadPool(3);
        try {
            SendQueue queue = queue(5, commands);
            AtomicInteger atOnce = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch answered = new CountDownLatch(commands);
            for (int i = 0; i < commands; i++) {
                threads.execute(() -> queue.add(new SendQueue.Sendable() {
                    @Override
                    public boolean isToBeSent() {
                        return true;
                    }

                    @Override
                    public void sendNow() {
                        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                        if (ThreadLocalRandom.current().nextInt(10) == 0) {
                            answer();
                        } else {
                            server.execute(this::answer);
                        }
                    }

                    private void answer() {
                        atOnce.decrementAndGet();
                        answered.countDown();
                        queue.release();
                    }
                }));
            }
            assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(most).hasValueLessThanOrEqualTo(5);
        } finally {
            threads.shutdownNow();
            server.shutdownNow();
        }
    }

    private static SendQueue queue(int connections, int mostWaiting) {
        return new SendQueue(Runnable::run, connections, mostWaiting);
    }

    private Command command(String name) {
        return new Command(name, true);
    }

    private final class Command implements SendQueue.Sendable {

        private final String name;
        private final boolean isToBeSent;

        Command(String name, boolean isToBeSent) {
            this.name = name;
            this.isToBeSent = isToBeSent;
        }

        @Override
        public boolean isToBeSent() {
            return isToBeSent;
        }

        @Override
        public void sendNow() {
            sent.add(name);
        }
    }
}
