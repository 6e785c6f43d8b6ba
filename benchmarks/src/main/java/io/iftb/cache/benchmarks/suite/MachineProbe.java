package io.iftb.cache.benchmarks.suite;

import com.sun.management.OperatingSystemMXBean;
import io.iftb.cache.benchmarks.measure.Harness;
import io.iftb.cache.benchmarks.result.Machine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/** Reads the properties of this machine. */
final class MachineProbe {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private MachineProbe() {}

    /** This machine, and the server that the suites use. */
    static Machine here() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Harness harness = new Harness()) {
            return new Machine(
                    processor(),
                    system.getAvailableProcessors(),
                    system.getTotalMemorySize(),
                    system.getName() + " " + system.getVersion() + " " + system.getArch(),
                    System.getProperty("java.vendor") + " " + Runtime.version(),
                    harness.serverVersion(),
                    commit(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    private static String processor() {
        try {
            if (!Files.exists(CPU_INFO)) {
                return output("sysctl", "-n", "machdep.cpu.brand_string");
            }
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String commit() {
        try {
            String commit = output("git", "rev-parse", "--short", "HEAD");
            return commit.isEmpty()
                    ? "unknown"
                    : output("git", "status", "--porcelain").isEmpty() ? commit : commit + "+";
        } catch (IOException noGit) {
            return "unknown";
        }
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text.strip() : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }
}
