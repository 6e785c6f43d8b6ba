package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.text.ParseException;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.function.Supplier;
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

    /** An exception of each class with a permanent id, in the order of the ids, without frames. */
    static List<Throwable> permanent() {
        List<Throwable> all = new ArrayList<>();
        for (PermanentIds.Entry entry : PermanentIds.entries()) {
            if (entry.serializer() instanceof ThrowableSerializer) {
                all.add(STATEFUL.getOrDefault(entry.type(), () -> plain(entry.type()))
                        .get());
            }
        }
        all.forEach(each -> each.setStackTrace(new StackTraceElement[0]));
        return all;
    }

    private static final Map<Class<?>, Supplier<Throwable>> STATEFUL = Map.of(
            SQLException.class, () -> new SQLException("message", "08001", 7),
            ParseException.class, () -> new ParseException("message", 5),
            DateTimeParseException.class, () -> new DateTimeParseException("message", "2024-13-01", 5),
            InvocationTargetException.class, () -> new InvocationTargetException(null, "message"),
            FileSystemException.class, () -> new FileSystemException("file", "other", "message"),
            URISyntaxException.class, () -> new URISyntaxException("a b", "message", 1));

    private static Throwable plain(Class<?> type) {
        try {
            return (Throwable) JdkThrowable.above(type).constructorOf(type).newInstance("message");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
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
    @MethodSource("permanent")
    void copy_exceptionOfTheJdk_isTheSame(Throwable original) {
        assertSame(Samples.copy(CODEC, original), original);
    }

    @Test
    void copy_exceptionWithFieldsAndCause_keepsAll() {
        Refused original = new Refused("no funds", 402);
        original.initCause(new IllegalStateException("cause", new NullPointerException()));
        original.addSuppressed(new java.io.IOException("suppressed"));

        Refused copy = Samples.copy(CODEC, original);

        assertSame(copy, original);
        assertThat(copy.code).isEqualTo(402);
        assertSame(cause(copy), cause(original));
        assertSame(cause(cause(copy)), cause(cause(original)));
        assertSame(copy.getSuppressed()[0], original.getSuppressed()[0]);
    }

    @Test
    void copy_exceptionThatComputesItsMessage_saysItOnce() {
        assertThat(Samples.copy(CODEC, new Computed("x"))).hasMessage("computed from x");
    }

    @Test
    void copy_withoutCause_canStillGetOne() {
        Refused copy = Samples.copy(CODEC, new Refused("a", 1));

        copy.initCause(new RuntimeException("late"));

        assertThat(copy).hasRootCauseMessage("late");
    }

    @Test
    void copy_causeThatMayNotBeStored_isReplaced() {
        Refused original = new Refused("a", 1);
        original.initCause(new Unknown("secret", new IllegalStateException("root")));

        Throwable cause = cause(Samples.copy(CODEC, original));

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

    static final class OwnSql extends SQLTransientException {
        private static final long serialVersionUID = 1L;
        private final String shard;

        OwnSql(String reason, String shard) {
            super(reason, "40001", 1213);
            this.shard = shard;
        }
    }

    static final class OwnParse extends ParseException {
        private static final long serialVersionUID = 1L;

        OwnParse(String message, int offset) {
            super(message, offset);
        }
    }

    static final class OwnTarget extends InvocationTargetException {
        private static final long serialVersionUID = 1L;

        OwnTarget(Throwable target) {
            super(target, "message");
        }
    }

    static final class OwnFile extends FileSystemException {
        private static final long serialVersionUID = 1L;

        OwnFile(String file, String other, String reason) {
            super(file, other, reason);
        }
    }

    static final class OwnUri extends URISyntaxException {
        private static final long serialVersionUID = 1L;

        OwnUri(String input, String reason, int index) {
            super(input, reason, index);
        }
    }

    static final class OwnDate extends DateTimeParseException {
        private static final long serialVersionUID = 1L;

        OwnDate(String message, String text, int index) {
            super(message, text, index);
        }
    }

    static final class OwnBatch extends BatchUpdateException {
        private static final long serialVersionUID = 1L;

        OwnBatch() {
            super(new int[] {1});
        }
    }

    static final class OwnResource extends MissingResourceException {
        private static final long serialVersionUID = 1L;

        OwnResource() {
            super("message", "class", "key");
        }
    }

    private static final KryoCodec OWN =
            KryoCodec.builder().trust("io.iftb.cache.codec.*").trust("java.*").build();

    @Test
    void copy_subclassOfSqlException_keepsItsState() {
        OwnSql original = new OwnSql("deadlock", "eu");
        original.initCause(new IllegalStateException("cause"));
        original.setNextException(new SQLException("next", "08001", 3));

        OwnSql copy = Samples.copy(OWN, original);

        assertSame(copy, original);
        assertThat(copy.shard).isEqualTo("eu");
        assertThat(copy.getSQLState()).isEqualTo("40001");
        assertThat(copy.getErrorCode()).isEqualTo(1213);
        assertThat(cause(copy)).hasMessage("cause");
        assertSame(copy.getNextException(), original.getNextException());
        assertThat(copy.getNextException().getSQLState()).isEqualTo("08001");
    }

    @Test
    void copy_subclassOfInvocationTargetException_keepsItsTarget() {
        OwnTarget copy = Samples.copy(OWN, new OwnTarget(new IllegalStateException("target")));

        assertThat(copy).hasMessage("message");
        assertThat(copy.getTargetException())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("target");
    }

    @Test
    void copy_subclassOfFileSystemException_keepsItsFiles() {
        OwnFile copy = Samples.copy(OWN, new OwnFile("a", "b", "reason"));

        assertThat(copy).hasMessage("a -> b: reason");
        assertThat(List.of(copy.getFile(), copy.getOtherFile(), copy.getReason()))
                .containsExactly("a", "b", "reason");
        assertThat(Samples.copy(OWN, new NoSuchFileException("gone"))).hasMessage("gone");
    }

    @Test
    void copy_subclassesOfOtherParsers_keepTheirPlaces() {
        assertThat(Samples.copy(OWN, new OwnParse("message", 4)).getErrorOffset())
                .isEqualTo(4);
        OwnDate date = Samples.copy(OWN, new OwnDate("message", "2024-13", 5));
        assertThat(date).hasMessage("message");
        assertThat(date.getParsedString() + date.getErrorIndex()).isEqualTo("2024-135");
        OwnUri uri = Samples.copy(OWN, new OwnUri("a b", "reason", 1));
        assertThat(uri).hasMessage("reason at index 1: a b");
        assertThat(uri.getInput() + uri.getIndex()).isEqualTo("a b1");
    }

    @Test
    void copy_exceptionsOfTheJdkWithState_keepIt() {
        SQLException sql = Samples.copy(CODEC, new SQLException("message", "08001", 7, new IOException("cause")));
        assertThat(sql.getSQLState() + sql.getErrorCode() + cause(sql).getMessage())
                .isEqualTo("080017cause");
        assertThat(Samples.copy(CODEC, new InvocationTargetException(new IOException("target"))))
                .hasMessage(null)
                .hasCauseInstanceOf(IOException.class);
        assertThat(Samples.copy(CODEC, new UncheckedIOException(new IOException("cause"))))
                .hasMessage("java.io.IOException: cause")
                .hasRootCauseMessage("cause");
    }

    @Test
    void encode_exceptionWithStateOutOfReach_isRefusedByName() {
        for (Throwable throwable : List.of(new OwnBatch(), new OwnResource(), new BatchUpdateException(new int[0]))) {
            assertThatThrownBy(() -> OWN.encode(throwable))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining(throwable.getClass().getName())
                    .hasMessageContaining("keeps state in java.");
        }
    }
}
