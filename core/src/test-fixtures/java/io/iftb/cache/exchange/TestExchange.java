package io.iftb.cache.exchange;

import com.sun.net.httpserver.HttpServer;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * An exchange on a free port of 127.0.0.1, for tests. It serves bars at {@code /klines} as arrays of six numbers and at
 * {@code /api/v3/klines} as Binance does, both with the parameters of Binance, in pages of at most 1,000. All its bars and
 * faults follow from a seed. Its clock is simulated; the bar that is open changes with it.
 *
 * <p>Beside that, for programs of a test: {@code GET /time} is {@code {"serverTime": …}}; {@code POST /time?advance=} moves
 * the clock by milliseconds and {@code POST /time?set=} to a time; {@code POST /time/next?party=&after=} says that one of the
 * parties of {@link ExchangeOptions#turns} is done with a time, and is answered when the clock has moved on;
 * {@code POST /time/join?party=} takes the place of one that may be gone; {@code POST /malice?next=SECONDS} is {@link #malice}; {@code GET /stats} are the counters, and
 * {@code GET /stats/bars?symbol=&interval=} is how often each closed bar was sent.
 *
 * <p>As a program of its own, with the arguments of {@link ExchangeOptions#parse}, it prints its address and ends when its
 * input does.
 */
public final class TestExchange implements AutoCloseable {

    /** Those who wait for their turn take one each. */
    private static final int THREADS = 32;

    static {
        // else the server's answers of two packets wait for the client's delayed acknowledgement, 40 ms each
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }

    private final HttpServer server;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, TestExchange::daemon);
    private final ExchangeClock clock;
    private final Market market;
    private final MarketConditions conditions;
    private final KlineHandler klines;
    private final ExchangeStats stats = new ExchangeStats();

    private TestExchange(ExchangeOptions options) throws IOException {
        clock = new ExchangeClock(options.time, options.speed);
        conditions = options.conditions;
        market = new Market(options.seed, conditions, options.recorded);
        klines = new KlineHandler(options, market, clock, stats, threads);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(threads);
        server.createContext("/klines", http -> klines.handle(http, KlineForm.NUMBERS));
        server.createContext("/api/v3/klines", http -> klines.handle(http, KlineForm.BINANCE));
        new ControlHandler(clock, new Turns(clock, options.parties, options.step), klines, stats).register(server);
        server.start();
    }

    /** Starts an honest exchange whose clock stands still at a time, epoch milliseconds. */
    public static TestExchange at(long time) {
        return start(ExchangeOptions.defaults().time(time));
    }

    /** Starts an exchange. */
    public static TestExchange start(ExchangeOptions options) {
        try {
            return new TestExchange(options);
        } catch (IOException e) {
            throw new UncheckedIOException("no exchange can listen on 127.0.0.1; look for a free port", e);
        }
    }

    /** Runs an exchange until the input ends. */
    public static void main(String[] arguments) throws IOException {
        try (TestExchange exchange = start(ExchangeOptions.parse(arguments))) {
            System.out.println(exchange.uri());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "exchange");
        thread.setDaemon(true);
        return thread;
    }

    /** Where it listens, such as {@code http://127.0.0.1:40001}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Its clock, which tests move. */
    public ExchangeClock clock() {
        return clock;
    }

    /** What is irregular about its bars. */
    public MarketConditions conditions() {
        return conditions;
    }

    /** What it has counted. */
    public ExchangeStats stats() {
        return stats;
    }

    /** The next request that is admitted is answered wrongly. Several calls are for as many requests. */
    public void malice(Malice next) {
        klines.malice(next);
    }

    /** The answer to the next request that is admitted goes wrong. Several calls are for as many requests. */
    public void fault(Fault next) {
        klines.fault(next);
    }

    /** What a client should have: all bars with {@code from <= openTime < to} as they look now. It counts nothing. */
    public BarSeries bars(SeriesKey series, long from, long to) {
        return BarSeries.of(market.oldest(series, from, to - 1, Integer.MAX_VALUE, clock.now()));
    }

    /** Like {@link #bars}, the newest ones. */
    public BarSeries newestBars(SeriesKey series, int limit) {
        return BarSeries.of(market.newest(series, Long.MAX_VALUE, limit, clock.now()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
