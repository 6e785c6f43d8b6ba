package io.iftb.cache.benchmarks.result;

import java.util.ArrayList;
import java.util.List;

/**
 * The machine, software and date of a run.
 *
 * @param processor the model of the processor
 * @param processors the number of processors that the JVM may use
 * @param memory bytes of memory
 * @param system the operating system and its version
 * @param java the version of the JVM
 * @param redis the version of the server
 * @param commit the commit that was built, followed by {@code +} if there were changes; {@code unknown} without one
 * @param date when the run began, ISO-8601 in UTC
 */
public record Machine(
        String processor,
        int processors,
        long memory,
        String system,
        String java,
        String redis,
        String commit,
        String date) {

    /**
     * The differences from the machine of the baseline that change times, such as {@code Java 25.0.1 (baseline: 17.0.15)};
     * empty if times are comparable.
     */
    public List<String> differences(Machine baseline) {
        List<String> differences = new ArrayList<>();
        add(differences, "processor", baseline.processor, processor);
        add(differences, "processors", baseline.processors, processors);
        add(differences, "system", baseline.system, system);
        add(differences, "Java", baseline.java, java);
        add(differences, "server", baseline.redis, redis);
        return differences;
    }

    /** This machine with another build. */
    public Machine with(String build) {
        return new Machine(processor, processors, memory, system, java, redis, build, date);
    }

    private static void add(List<String> differences, String what, Object baseline, Object now) {
        if (!baseline.equals(now)) {
            differences.add(what + " " + now + " (baseline: " + baseline + ")");
        }
    }
}
