package io.iftb.cache.benchmarks.measure;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's statistics of commands, {@code INFO commandstats}.
 *
 * @param commands the statistics by command, in upper case
 */
record CommandStats(Map<String, Times> commands) {

    private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+),.*");

    /** The calls of a command, those in scripts included, and their total time. */
    record Times(long calls, long micros) {}

    static CommandStats of(String info) {
        Map<String, Times> commands = new TreeMap<>();
        info.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            String name = line.group(1).toUpperCase(Locale.ROOT);
            commands.put(name, new Times(Long.parseLong(line.group(2)), Long.parseLong(line.group(3))));
        });
        return new CommandStats(commands);
    }

    /**
     * The time of the commands that clients sent, in microseconds: the sum of {@link #microsByCommand}.
     *
     * @param sent how many times clients sent each command
     */
    double micros(Map<String, Integer> sent) {
        return microsByCommand(sent).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /**
     * The time of each command that clients sent, in microseconds. The time of a script includes its commands. If a command
     * was sent and also ran in scripts, its time counts in proportion to the calls that were sent.
     *
     * @param sent how many times clients sent each command
     */
    Map<String, Double> microsByCommand(Map<String, Integer> sent) {
        Map<String, Double> micros = new TreeMap<>();
        sent.forEach((command, count) -> {
            Times times = commands.get(command);
            if (times != null) {
                micros.put(command, times.micros * Math.min(1, count / (double) times.calls));
            }
        });
        return micros;
    }
}
