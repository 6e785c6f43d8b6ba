package io.iftb.cache.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login at a server: a user and a password. A password that stands in a file is read again for each new connection, so
 * that it can be changed while the program runs. Safe for use by several threads.
 */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final @Nullable String user;
    private final @Nullable Path file;
    private volatile @Nullable String password;
    private final AtomicBoolean unreadable = new AtomicBoolean();

    private Login(@Nullable String user, @Nullable String password, @Nullable Path file) {
        this.user = user;
        this.password = password;
        this.file = file;
    }

    /**
     * The login of settings, else that of the address.
     *
     * @throws IllegalArgumentException if there is a user without a password; the message does not name the user, since
     *     the text in its place may be meant as a password
     */
    static Login of(ServerAddress address, ConnectionSettings settings) {
        String user = settings.user() != null ? settings.user() : address.user();
        String password = settings.password() != null ? settings.password() : address.password();
        if (user != null && password == null) {
            throw new IllegalArgumentException("the login at " + address + " has a user and no password; set"
                    + " iftb.cache.redis.password-file or iftb.cache.redis.password, or write user:password@ in the"
                    + " address; a password without a user is :password@ there");
        }
        return new Login(user, password, settings.passwordFile());
    }

    /** The user; null for the default one. */
    @Nullable
    String user() {
        return user;
    }

    /** The password for a new connection; null if there is none. If the file cannot be read, the one that was read before. */
    @Nullable
    String password() {
        Path from = file;
        if (from != null) {
            try (var lines = Files.lines(from)) {
                lines.findFirst().filter(line -> !line.isEmpty()).ifPresent(line -> password = line);
                unreadable.set(false);
            } catch (IOException | UncheckedIOException e) {
                if (unreadable.compareAndSet(false, true)) {
                    LOG.warn(
                            "The file of iftb.cache.redis.password-file cannot be read again ({}); the password that was"
                                    + " read before is used",
                            e.toString());
                }
            }
        }
        return password;
    }

    /** The password for a new connection, without waiting for the file. */
    CompletableFuture<@Nullable String> password(Executor executor) {
        return file == null
                ? CompletableFuture.completedFuture(password)
                : CompletableFuture.supplyAsync(this::password, executor);
    }

    /** The password that was read last; null if there is none. */
    @Nullable
    String lastPassword() {
        return password;
    }

    /** Whether a password that is refused may be another one soon. */
    boolean mayChange() {
        return file != null;
    }

    /** Whether there is a password. */
    boolean isGiven() {
        return password != null;
    }

    /** Omits user and password. */
    @Override
    public String toString() {
        return "Login[" + (isGiven() ? "with" : "without") + " a password]";
    }
}
