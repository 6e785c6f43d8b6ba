package io.iftb.cache.benchmarks.contender;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The entry point of a JVM with a single Hazelcast member; it ends with the JVM that started it. */
public final class HazelcastMember {

    private static final String PORT = "port ";

    private HazelcastMember() {}

    /** Starts a member, prints its port, and waits until the input is closed. */
    public static void main(String[] args) throws IOException {
        Config config = new Config();
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        System.out.println(
                PORT + member.getCluster().getLocalMember().getAddress().getPort());
        while (System.in.read() >= 0) {
            // ignores any input
        }
        member.getLifecycleService().terminate();
        System.exit(0);
    }

    /**
     * A member in another JVM.
     *
     * @param process the JVM
     * @param port its port on 127.0.0.1
     */
    record Handle(Process process, int port) implements AutoCloseable {

        @Override
        public void close() {
            process.destroy();
        }
    }

    static Handle start() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        java, "-Xmx512m", "-cp", System.getProperty("java.class.path"), HazelcastMember.class.getName())
                .redirectError(Redirect.DISCARD);
        try {
            Process process = builder.start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(PORT)) {
                    return new Handle(process, Integer.parseInt(line.substring(PORT.length())));
                }
            }
            throw new IllegalStateException("The JVM of the Hazelcast member ended before it printed its port.");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the JVM of a Hazelcast member.", e);
        }
    }
}
