package io.iftb.cache.exchange;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Who trades for how long, and how.
 *
 * @param jvms how many JVMs
 * @param bots how many bots in each
 * @param series how many series each bot follows
 * @param symbols how many symbols there are, each with four timeframes
 * @param steps how often each bot looks
 * @param step the simulated time between
 * @param weight the weight that the exchange allows in a minute
 * @param requestWeight the weight of a request
 * @param seed of the exchange
 * @param feed the class of the feed
 * @param latency how long an answer of the exchange takes in real time, and up to twice as long
 * @param killEvery the simulated time after which one of the JVMs is killed and started again, each time; zero: never
 */
record BotOptions(
        int jvms,
        int bots,
        int series,
        int symbols,
        int steps,
        Duration step,
        int weight,
        int requestWeight,
        long seed,
        String feed,
        Duration latency,
        Duration killEvery) {

    /** A day of 4 JVMs, each with 8 bots that look every minute, at an exchange with the limits of Binance. */
    static final BotOptions DAY = new BotOptions(
            4,
            8,
            20,
            10,
            1_440,
            Duration.ofMinutes(1),
            6_000,
            2,
            1,
            ExchangeFeed.class.getName(),
            Duration.ZERO,
            Duration.ZERO);

    static BotOptions parse(String... arguments) {
        BotOptions options = DAY;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            options = options.with(argument.substring(0, Math.max(0, equals)), argument.substring(equals + 1));
        }
        return options;
    }

    private BotOptions with(String name, String value) {
        return new BotOptions(
                name.equals("jvms") ? Integer.parseInt(value) : jvms,
                name.equals("bots") ? Integer.parseInt(value) : bots,
                name.equals("series") ? Integer.parseInt(value) : series,
                name.equals("symbols") ? Integer.parseInt(value) : symbols,
                name.equals("steps") ? Integer.parseInt(value) : steps,
                name.equals("step") ? Duration.parse(value) : step,
                name.equals("weight") ? Integer.parseInt(value) : weight,
                name.equals("request-weight") ? Integer.parseInt(value) : requestWeight,
                name.equals("seed") ? Long.parseLong(value) : seed,
                name.equals("feed") ? value : feed,
                name.equals("latency") ? Duration.parse(value) : latency,
                name.equals("kill-every") ? Duration.parse(value) : killEvery);
    }

    /** The arguments that {@link #parse} makes these options of. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("jvms=" + jvms);
        arguments.add("bots=" + bots);
        arguments.add("series=" + series);
        arguments.add("symbols=" + symbols);
        arguments.add("steps=" + steps);
        arguments.add("step=" + step);
        arguments.add("weight=" + weight);
        arguments.add("request-weight=" + requestWeight);
        arguments.add("seed=" + seed);
        arguments.add("feed=" + feed);
        arguments.add("latency=" + latency);
        arguments.add("kill-every=" + killEvery);
        return arguments;
    }
}
