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
import org.jspecify.annotations.Nullable;

/** A primary with two replicas, and three sentinels that watch it, all real processes on 127.0.0.1. */
public final class TestSentinels implements AutoCloseable {

    public static final String NAME = "mymaster";

    /** After how long without an answer a primary counts as down. */
    public static final Duration DOWN_AFTER = Duration.ofSeconds(1);

    private static final int SENTINELS = 3;
    private static final int SERVERS = 3;

    private final List<EmbeddedServer> servers = new ArrayList<>();
    private final List<SentinelProcess> sentinels = new ArrayList<>();

    /** The ports with TLS; empty without. */
    private final List<Integer> tlsPorts = new ArrayList<>();

    private final @Nullable ServerTls tls;
    private final String host;

    /**
     * Starts them, and waits until each sentinel knows all of them.
     *
     * @param home for the files of the sentinels
     * @param sentinelPassword of the sentinels; empty for none
     * @param password of the servers; empty for none
     */
    public TestSentinels(Path home, String sentinelPassword, String password) {
        this(home, null, "127.0.0.1", sentinelPassword, password);
    }

    /**
     * Starts them with TLS.
     *
     * @param host how they name themselves and each other, {@code 127.0.0.1} or {@code localhost}
     */
    public static TestSentinels withTls(Path home, ServerTls tls, String host) {
        return new TestSentinels(home, tls, host, "", "");
    }

    private TestSentinels(Path home, @Nullable ServerTls tls, String host, String sentinelPassword, String password) {
        this.host = host;
        this.tls = tls;
        try {
            for (int i = 0; i < SERVERS; i++) {
                List<String> arguments = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
                if (tls != null) {
                    tlsPorts.add(ServerTls.freePort());
                    arguments.addAll(tls.arguments(tlsPorts.get(i)));
                    arguments.addAll(List.of("--replica-announce-ip", host));
                }
                if (!password.isEmpty()) {
                    arguments.addAll(List.of("--requirepass", password, "--masterauth", password));
                }
                if (i > 0) {
                    arguments.addAll(List.of("--replicaof", host, Integer.toString(dataPort(0))));
                }
                servers.add(EmbeddedServer.builder().arguments(arguments).start());
            }
            for (int i = 0; i < SENTINELS; i++) {
                Path folder = home.resolve("sentinel-" + i);
                List<String> lines = lines(sentinelPassword, password);
                sentinels.add(
                        tls == null
                                ? SentinelProcess.start(folder, lines)
                                : SentinelProcess.startTls(folder, tls, lines));
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
        List<String> lines = new ArrayList<>();
        if (tls != null) {
            lines.addAll(List.of("sentinel resolve-hostnames yes", "sentinel announce-hostnames yes"));
        }
        lines.addAll(List.of(
                "sentinel monitor " + NAME + " " + host + " " + dataPort(0) + " 2",
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

    /** The address of all sentinels by TLS. */
    public String tlsUri() {
        return "rediss-sentinel://"
                + sentinels.stream().map(each -> host + ":" + each.tlsPort()).collect(Collectors.joining(","))
                + "/" + NAME;
    }

    /** The port of a server that the sentinels and the other servers use. */
    private int dataPort(int server) {
        return tls == null ? servers.get(server).port() : tlsPorts.get(server);
    }

    /** Hosts and ports of the sentinels. */
    public String hosts() {
        return sentinels.stream().map(each -> "127.0.0.1:" + each.port()).collect(Collectors.joining(","));
    }

    public int tlsSentinelPort(int sentinel) {
        return sentinels.get(sentinel).tlsPort();
    }

    public int sentinelPort(int sentinel) {
        return sentinels.get(sentinel).port();
    }

    /** The server that a sentinel names as the primary. */
    public EmbeddedServer primary() {
        try (RespConnection raw = RespConnection.tcp(sentinelPort(0))) {
            int port = Integer.parseInt(
                    raw.list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).get(1));
            for (int i = 0; i < SERVERS; i++) {
                if (dataPort(i) == port) {
                    return servers.get(i);
                }
            }
            throw new IllegalStateException("no server has the port " + port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether all replicas that are alive have what the primary has. */
    public boolean areReplicasInSync() {
        return servers.stream()
                        .filter(EmbeddedServer::isAlive)
                        .filter(each -> {
                            try (RespConnection raw = RespConnection.tcp(each.port())) {
                                return raw.call("INFO", "replication").contains("master_link_status:up");
                            } catch (IOException e) {
                                return false;
                            }
                        })
                        .count()
                == SERVERS - 1;
    }

    public List<EmbeddedServer> servers() {
        return List.copyOf(servers);
    }

    /** Asks a sentinel for a failover, until it knows a replica that it can promote. */
    public void failOver() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (RespConnection raw = RespConnection.tcp(sentinelPort(0))) {
                return raw.call("SENTINEL", "FAILOVER", NAME).equals("+OK");
            }
        });
    }

    @Override
    public void close() {
        sentinels.forEach(SentinelProcess::close);
        servers.forEach(EmbeddedServer::close);
    }
}
