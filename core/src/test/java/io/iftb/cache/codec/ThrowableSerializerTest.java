package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrowableSerializerTest {

    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Refused(String reason, int code) {
            super(reason + " (" + code + ")");
            this.code = code;
        }
    }

    static final class Computed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String part;

        Computed(String part) {
            super((String) null);
            this.part = part;
        }

        @Override
        public String getMessage() {
            return "computed from " + part + (super.getMessage() == null ? "" : super.getMessage());
        }
    }

    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final KryoCodec CODEC =
            KryoCodec.builder().trust(Refused.class, Computed.class).build();

    private static List<PermanentIds.Entry> exceptions() {
        return PermanentIds.entries().stream()
                .filter(entry -> Throwable.class.isAssignableFrom(entry.type()))
                .toList();
    }

    private static Throwable cause(Throwable throwable) {
        return Objects.requireNonNull(throwable.getCause());
    }

    private static void assertSame(Throwable copy, Throwable original) {
        assertThat(copy).hasSameClassAs(original).hasMessage(original.getMessage());
        assertThat(copy.getStackTrace()).isEqualTo(original.getStackTrace());
        assertThat(copy.getSuppressed()).hasSameSizeAs(original.getSuppressed());
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void copy_exceptionOfTheJdk_isTheSame(PermanentIds.Entry entry) {
        Throwable original = UnstoredThrowable.of(new Exception("message"));
        if (entry.type() != UnstoredThrowable.class) {
            original = ((ThrowableSerializer) entry.form()).newThrowable("message", null, null, new Object[0]);
        }

        assertSame(CODEC.copy(original), original);
    }

    @Test
    void copy_exceptionWithFieldsAndCause_keepsAll() {
        Refused original = new Refused("no funds", 402);
        original.initCause(new IllegalStateException("cause", new NullPointerException()));
        original.addSuppressed(new java.io.IOException("suppressed"));

        Refused copy = CODEC.copy(original);

        assertSame(copy, original);
        assertThat(copy.code).isEqualTo(402);
        assertSame(cause(copy), cause(original));
        assertSame(cause(cause(copy)), cause(cause(original)));
        assertSame(copy.getSuppressed()[0], original.getSuppressed()[0]);
    }

    @Test
    void copy_exceptionThatComputesItsMessage_saysItOnce() {
        assertThat(CODEC.copy(new Computed("x"))).hasMessage("computed from x");
    }

    @Test
    void copy_withoutCause_canStillGetOne() {
        Refused copy = CODEC.copy(new Refused("a", 1));

        copy.initCause(new RuntimeException("late"));

        assertThat(copy).hasRootCauseMessage("late");
    }

    @Test
    void copy_causeThatMayNotBeStored_isReplaced() {
        Refused original = new Refused("a", 1);
        original.initCause(new Unknown("secret", new IllegalStateException("root")));

        Throwable cause = cause(CODEC.copy(original));

        assertThat(cause).isInstanceOf(UnstoredThrowable.class).hasMessageContaining("Unknown: secret");
        assertThat(cause.getStackTrace()).isEqualTo(cause(original).getStackTrace());
        assertThat(cause.getCause()).isInstanceOf(IllegalStateException.class).hasMessage("root");
    }

    @Test
    void encode_exceptionThatMayNotBeStored_isRefused() {
        assertThatThrownBy(() -> CODEC.encode(new Unknown("a", new RuntimeException())))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("Unknown");
    }
}
