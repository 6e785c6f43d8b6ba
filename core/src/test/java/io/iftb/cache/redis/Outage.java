package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A server of its own that a test takes out of service and brings back, behind a proxy. Its data survive. */
public final class Outage implements AutoCloseable {

    /** What happens to the server. */
    public enum Kind {
        /** it is stopped, and goes on */
        STOPPED,
        /** it is killed, so that nobody listens on its port, and started again on that port with its data */
        KILLED,
        /** nothing passes to it or from it, and no connection is closed */
        BLACK_HOLE
    }

    private final Kind kind;
    private final Supplier<EmbeddedServer> start;
    private EmbeddedServer server;
    private final @Nullable FaultProxy proxy;

    /** @param folder where the server keeps its data */
    public Outage(Kind kind, Path folder) {
        this.kind = kind;
        this.server = EmbeddedServer.builder().dataDirectory(folder).start();
        int port = server.port();
        this.start =
                () -> EmbeddedServer.builder().dataDirectory(folder).port(port).start();
        if (kind == Kind.KILLED) {
            keepEveryWrite(server.port());
        }
        this.proxy = kind == Kind.BLACK_HOLE ? new FaultProxy(port) : null;
    }

    /** Where the program connects. */
    public String uri() {
        return proxy == null ? server.uri() : proxy.uri();
    }

    /** Where the server is, for another program. */
    public String directUri() {
        return server.uri();
    }

    public void begin() {
        switch (kind) {
            case STOPPED -> signal("STOP");
            case KILLED -> {
                signal("KILL");
                await().until(() -> !server.isAlive());
                server.close();
            }
            case BLACK_HOLE -> proxy().set(FaultProxy.Fault.BLACK_HOLE);
        }
    }

    public void end() {
        switch (kind) {
            case STOPPED -> signal("CONT");
            case KILLED -> server = start.get();
            case BLACK_HOLE -> proxy().set(FaultProxy.Fault.NONE);
        }
    }

    /** A server that syncs each second writes to its file up to two seconds late if the disk is slow. */
    private static void keepEveryWrite(int port) {
        try (RespConnection raw = RespConnection.tcp(port)) {
            raw.call("CONFIG", "SET", "appendfsync", "always");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FaultProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("no proxy");
        }
        return proxy;
    }

    private void signal(String name) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (kind == Kind.STOPPED && server.isAlive()) {
            signal("CONT");
        }
        if (proxy != null) {
            proxy.close();
        }
        server.close();
    }
}
