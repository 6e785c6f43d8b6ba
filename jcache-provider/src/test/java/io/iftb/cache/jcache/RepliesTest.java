package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.RedisUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;

class RepliesTest {

    private final ReplyAwaiter replies = new ReplyAwaiter("bars");

    @Test
    void await_reply_givesIt() {
        assertThat(replies.await(CompletableFuture.completedFuture("reply"))).isEqualTo("reply");
    }

    @Test
    void await_failureOfTheServer_namesTheCacheAndShowsTheCaller() {
        RedisServerException failure = new RedisUnavailableException("Redis at x does not answer; start it", null);
        CompletableFuture<String> reply = CompletableFuture.failedFuture(failure);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> replies.await(reply))
                .withMessage("Cache 'bars': Redis at x does not answer; start it")
                .withCause(failure)
                .satisfies(thrown -> assertThat(thrown.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(RepliesTest.class.getName())));
    }

    @Test
    void await_failureBehindAnotherStage_givesTheRealOne() {
        RedisServerException failure = new RedisServerException("out of memory");
        CompletableFuture<String> reply =
                CompletableFuture.<String>failedFuture(failure).thenApply(value -> value + "!");

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> replies.await(reply))
                .withCause(failure);
    }

    @Test
    void await_refusedArgument_staysAnIllegalArgument() {
        IllegalArgumentException failure = new IllegalArgumentException("bar opens at 1, its key says 2");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> replies.await(CompletableFuture.failedFuture(new CompletionException(failure))))
                .withMessage("Cache 'bars': bar opens at 1, its key says 2");
    }

    @Test
    void await_error_isNotDressedUp() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> replies.await(CompletableFuture.failedFuture(new AssertionError("broken"))));
    }

    @Test
    void await_interruptedThread_keepsTheFlag() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> replies.await(new CompletableFuture<>()))
                .withMessageContaining("'bars'")
                .withMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void await_cancelledReply_saysSo() {
        CompletableFuture<String> reply = new CompletableFuture<>();
        reply.cancel(false);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> replies.await(reply))
                .withMessageContaining("cancelled");
    }

    @Test
    void call_untrustedClass_namesTheCache() {
        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> replies.call(() -> {
                    throw new UntrustedClassException("class X is not trusted");
                }))
                .withMessage("Cache 'bars': class X is not trusted");
    }
}
