package io.iftb.cache.exchange;

import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A JVM of bots, which all look at the same time, in step with those of the other JVMs. After each step it prints what they have
 * counted.
 */
final class BotJvm {

    private BotJvm() {}

    /**
     * Runs the bots of one JVM.
     *
     * @param arguments the address of the exchange, the number of this JVM, and those of {@link BotOptions}
     */
    public static void main(String[] arguments) throws Exception {
        URI exchange = URI.create(arguments[0]);
        int number = Integer.parseInt(arguments[1]);
        BotOptions options = BotOptions.parse(Arrays.copyOfRange(arguments, 2, arguments.length));
        ExchangeClient client = new ExchangeClient(exchange);
        AtomicLong now = new AtomicLong(client.join(number));
        long end = NaiveBots.MIDNIGHT + options.steps() * options.step().toMillis();
        Market truth = new Market(options.seed(), new MarketConditions(), Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(options.bots());
        try (CandleFeed feed = feed(options.feed(), exchange, now::get)) {
            List<Bot> bots = new ArrayList<>();
            for (int i = 0; i < options.bots(); i++) {
                bots.add(new Bot(number * options.bots() + i, options, feed, truth));
            }
            print(bots);
            while (now.get() < end) {
                look(bots, now.get(), threads);
                print(bots);
                now.set(client.nextTurn(number, now.get()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void print(List<Bot> bots) {
        System.out.println(bots.stream()
                .map(Bot::counts)
                .reduce(BotCounts.NONE, BotCounts::plus)
                .line());
    }

    private static void look(List<Bot> bots, long now, ExecutorService threads) throws Exception {
        List<Callable<Object>> looks = new ArrayList<>();
        for (Bot bot : bots) {
            looks.add(Executors.callable(() -> bot.look(now)));
        }
        for (Future<Object> each : threads.invokeAll(looks)) {
            each.get();
        }
    }

    private static CandleFeed feed(String name, URI exchange, LongSupplier clock) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructor(URI.class, LongSupplier.class);
        constructor.setAccessible(true);
        return (CandleFeed) constructor.newInstance(exchange, clock);
    }
}
