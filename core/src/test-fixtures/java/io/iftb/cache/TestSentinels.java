package io.iftb.cache;

import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.embedded.SentinelProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A primary with two replicas, and three sentinels that watch it, all real processes on 127.0.0.1. */
public final class TestSentinels implements AutoCloseable {

    public static final String NAME = "mymaster";

    /** After how long without an answer a primary counts as down. */
    public static final Duration DOWN_AFTER = Duration.ofSeconds(1);

    private static final int SENTINELS = 3;
    private static final int SERVERS = 3;

    private final List<EmbeddedServer> servers = new ArrayList<>();
    private final List<SentinelProcess> sentinels = new ArrayList<>();

    /**
     * Starts them, and waits until each sentinel knows all of them.
     *
     * @param home for the files of the sentinels
     * @param sentinelPassword of the sentinels; empty for none
     * @param password of the servers; empty for none
     */
    public TestSentinels(Path home, String sentinelPassword, String password) {
        try {
            for (int i = 0; i < SERVERS; i++) {
                List<String> arguments = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
                if (!password.isEmpty()) {
                    arguments.addAll(List.of("--requirepass", password, "--masterauth", password));
                }
                if (i > 0) {
                    arguments.addAll(
                            List.of("--replicaof", "127.0.0.1 " + servers.get(0).port()));
                }
                servers.add(EmbeddedServer.builder().arguments(arguments).start());
            }
            for (int i = 0; i < SENTINELS; i++) {
                sentinels.add(SentinelProcess.start(home.resolve("sentinel-" + i), lines(sentinelPassword, password)));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sentinels.stream()
                            .allMatch(
                                    each -> info(each, sentinelPassword).contains("slaves=2,sentinels=" + SENTINELS)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private List<String> lines(String sentinelPassword, String password) {
        List<String> lines = new ArrayList<>(List.of(
                "sentinel monitor " + NAME + " 127.0.0.1 " + servers.get(0).port() + " 2",
                "sentinel down-after-milliseconds " + NAME + " " + DOWN_AFTER.toMillis(),
                "sentinel failover-timeout " + NAME + " 3000"));
        if (!password.isEmpty()) {
            lines.add("sentinel auth-pass " + NAME + " " + password);
        }
        if (!sentinelPassword.isEmpty()) {
            lines.add("requirepass " + sentinelPassword);
            lines.add("sentinel sentinel-pass " + sentinelPassword);
        }
        return lines;
    }

    private static String info(SentinelProcess sentinel, String password) {
        try (RespConnection raw = RespConnection.tcp(sentinel.port())) {
            if (!password.isEmpty()) {
                raw.call("AUTH", password);
            }
            return raw.call("INFO", "sentinel");
        } catch (IOException notYet) {
            return "";
        }
    }

    /** The address of all sentinels. */
    public String uri() {
        return "redis-sentinel://" + hosts() + "/" + NAME;
    }

    /** Hosts and ports of the sentinels. */
    public String hosts() {
        return sentinels.stream().map(each -> "127.0.0.1:" + each.port()).collect(Collectors.joining(","));
    }

    public int sentinelPort(int sentinel) {
        return sentinels.get(sentinel).port();
    }

    /** The server that a sentinel names as the primary. */
    public EmbeddedServer primary() {
        try (RespConnection raw = RespConnection.tcp(sentinelPort(0))) {
            int port = Integer.parseInt(
                    raw.list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).get(1));
            return servers.stream()
                    .filter(each -> each.port() == port)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<EmbeddedServer> servers() {
        return List.copyOf(servers);
    }

    /** Asks a sentinel for a failover. */
    public void failOver() {
        try (RespConnection raw = RespConnection.tcp(sentinelPort(0))) {
            raw.call("SENTINEL", "FAILOVER", NAME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        sentinels.forEach(SentinelProcess::close);
        servers.forEach(EmbeddedServer::close);
    }
}
