package io.iftb.cache.benchmarks.measure;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of its commands, {@code INFO commandstats}.
 *
 * @param commands by their names, in upper case
 */
record CommandTimes(Map<String, Times> commands) {

    private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+),.*");

    /** How often a command ran, inside of scripts too, and how many microseconds that took. */
    record Times(long calls, long micros) {}

    static CommandTimes of(String info) {
        Map<String, Times> commands = new TreeMap<>();
        info.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            String name = line.group(1).toUpperCase(Locale.ROOT);
            commands.put(name, new Times(Long.parseLong(line.group(2)), Long.parseLong(line.group(3))));
        });
        return new CommandTimes(commands);
    }

    /**
     * Microseconds of the commands that clients sent. Those inside a script are in its own time already; of a command
     * that is sent by itself and runs in scripts too, the share of the former is taken.
     *
     * @param sent how often clients sent each command
     */
    double micros(Map<String, Integer> sent) {
        double micros = 0;
        for (Map.Entry<String, Integer> each : sent.entrySet()) {
            Times times = commands.get(each.getKey());
            if (times != null) {
                micros += times.micros * Math.min(1, each.getValue() / (double) times.calls);
            }
        }
        return micros;
    }
}
