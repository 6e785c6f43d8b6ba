package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.jcache.RequestFaultProxy.Armed;
import io.iftb.cache.jcache.RequestFaultProxy.Strike;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call on which a fault falls, and how it ended. */
final class StruckCall {

    /** How long a call may take in which nothing waits for its time to end, on a slow machine. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final long LATE_MILLIS = 60;

    private final RequestFaultProxy proxy;
    private final Fault fault;
    private final Armed armed;
    private @Nullable Throwable error;
    private boolean flag;
    private long nanos;

    private StruckCall(RequestFaultProxy proxy, Fault fault, Armed armed) {
        this.proxy = proxy;
        this.fault = fault;
        this.armed = armed;
    }

    /** Makes a blocking call in a thread of its own. */
    static StruckCall blocking(RequestFaultProxy proxy, Fault fault, int trip, Runnable call, Runnable atEnd)
            throws Exception {
        return blocking(new StruckCall(proxy, fault, proxy.arm(trip, fault.strike, "")), call, atEnd);
    }

    /** Makes a blocking call of which one request gets an answer that is not the server's. */
    static StruckCall answered(RequestFaultProxy proxy, String said, int trip, Runnable call) throws Exception {
        return blocking(new StruckCall(proxy, Fault.NONE, proxy.arm(trip, Strike.SAY, said)), call, () -> {});
    }

    private static StruckCall blocking(StruckCall struck, Runnable call, Runnable atEnd) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread caller = new Thread(
                () -> {
                    if (struck.fault == Fault.INTERRUPT_BEFORE) {
                        Thread.currentThread().interrupt();
                    }
                    long start = System.nanoTime();
                    try {
                        call.run();
                    } catch (Throwable e) {
                        struck.error = e;
                    }
                    struck.nanos = System.nanoTime() - start;
                    struck.flag = Thread.interrupted();
                    atEnd.run();
                    ended.countDown();
                },
                "struck-call");
        struck.before();
        caller.start();
        struck.during(caller::interrupt);
        assertThat(ended.await(40, TimeUnit.SECONDS)).as("the call ends").isTrue();
        struck.after();
        return struck;
    }

    /** Makes an asynchronous call. */
    static StruckCall stage(
            RequestFaultProxy proxy, Fault fault, int trip, Supplier<CompletionStage<?>> call, Runnable atEnd)
            throws Exception {
        StruckCall struck = new StruckCall(proxy, fault, proxy.arm(trip, fault.strike, ""));
        struck.before();
        long start = System.nanoTime();
        CompletionStage<?> stage = call.get();
        struck.during(() -> stage.toCompletableFuture().cancel(true));
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        var unused = stage.whenComplete((result, failure) -> {
            struck.nanos = System.nanoTime() - start;
            atEnd.run();
            ended.complete(failure);
        });
        try {
            struck.error = ended.get(40, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the stage does not end", e);
        }
        struck.after();
        return struck;
    }

    private void before() throws IOException {
        switch (fault) {
            case CONNECTIONS_CLOSED -> proxy.cutAll();
            case SERVER_GONE -> proxy.refuse();
            default -> {
                // strikes later
            }
        }
    }

    private void during(Runnable end) throws Exception {
        if (fault.strike == null) {
            return;
        }
        assertThat(armed.awaitCaught()).as("the request is struck").isTrue();
        switch (fault) {
            case INTERRUPT_DURING, CANCEL -> end.run();
            case INTERRUPT_AFTER -> {
                proxy.heal();
                end.run();
            }
            case REPLY_LATE -> {
                Thread.sleep(LATE_MILLIS); // the lateness itself
                proxy.heal();
            }
            default -> {
                // ends by itself
            }
        }
    }

    private void after() throws Exception {
        if (fault == Fault.SERVER_GONE) {
            proxy.acceptAgain();
        }
        proxy.heal();
        if (fault == Fault.REQUEST_LATE) {
            assertThat(armed.awaitPassed()).isTrue();
        }
    }

    /** How many requests were seen. */
    int requests() {
        return armed.seen();
    }

    @Nullable
    Throwable error() {
        return error;
    }

    /** How it ended; checks its time and its flag of interruption. */
    Fault.Ending ending(Class<? extends Throwable> unknown, Duration budget) {
        Duration most = fault.endsAtOnce ? SLACK : budget.plus(SLACK);
        assertThat(Duration.ofNanos(nanos)).as("time of the call").isLessThan(most);
        if (fault == Fault.INTERRUPT_BEFORE || fault == Fault.INTERRUPT_DURING) {
            assertThat(flag).as("flag of interruption").isTrue();
        }
        if (error == null) {
            return Fault.Ending.RESULT;
        }
        if (fault == Fault.CANCEL && error instanceof CancellationException) {
            return Fault.Ending.CANCELLED;
        }
        return unknown.isInstance(error) ? Fault.Ending.UNKNOWN : Fault.Ending.FAILED;
    }
}
