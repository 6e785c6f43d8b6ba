package io.iftb.cache.benchmarks.result;

/**
 * Where and when a suite ran, and what.
 *
 * @param processor the model of the processor, as the system names it
 * @param processors how many of them the JVM may use
 * @param memory of the machine, bytes
 * @param system the operating system and its version
 * @param java the version of the JVM
 * @param redis the version of the server
 * @param commit the commit that was built, {@code +} behind it if there were changes; {@code unknown} without one
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

    /** Whether times of both can be compared: the same processor, Java and server. */
    public boolean isLike(Machine other) {
        return processor.equals(other.processor)
                && processors == other.processors
                && system.equals(other.system)
                && java.equals(other.java)
                && redis.equals(other.redis);
    }
}
