package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests of bars: refused, late, wrong or right. */
final class KlineHandler {

    private static final Logger LOG = LoggerFactory.getLogger(KlineHandler.class);

    private final ExchangeOptions options;
    private final Market market;
    private final ExchangeClock clock;
    private final ExchangeStats stats;
    private final ScheduledExecutorService threads;
    private final RateLimit limit;
    private final AtomicLong requests = new AtomicLong();
    private final Queue<Malice> malice = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    KlineHandler(
            ExchangeOptions options,
            Market market,
            ExchangeClock clock,
            ExchangeStats stats,
            ScheduledExecutorService threads) {
        this.options = options;
        this.market = market;
        this.clock = clock;
        this.stats = stats;
        this.threads = threads;
        LongSupplier windows = options.realWindows ? System::currentTimeMillis : clock::now;
        this.limit = new RateLimit(options, windows);
    }

    void malice(Malice next) {
        malice.add(next);
    }

    void fault(Fault next) {
        faults.add(next);
    }

    void handle(HttpExchange http, KlineForm form) {
        long number = requests.incrementAndGet();
        long latency = options.latency(number);
        if (latency == 0) {
            answer(http, form, number);
        } else {
            var unused = threads.schedule(() -> answer(http, form, number), latency, TimeUnit.MILLISECONDS);
        }
    }

    private void answer(HttpExchange http, KlineForm form, long number) {
        try {
            RateLimit.Admission admission = limit.admit();
            stats.admission(admission);
            http.getResponseHeaders().set("X-MBX-USED-WEIGHT-1M", Integer.toString(admission.usedWeight()));
            if (admission.status() == 200) {
                admitted(http, form, number);
            } else {
                long seconds = Math.max(1, (admission.retryAfter() + 999) / 1_000);
                http.getResponseHeaders().set("Retry-After", Long.toString(seconds));
                send(http, admission.status(), error(-1003, "Too many requests."));
            }
        } catch (IOException e) {
            http.close(); // the client has gone
        } catch (RuntimeException e) {
            LOG.error("the test exchange cannot answer {}", http.getRequestURI(), e);
            http.close();
        }
    }

    private void admitted(HttpExchange http, KlineForm form, long number) throws IOException {
        KlineRequest request;
        try {
            request = KlineRequest.parse(http.getRequestURI().getRawQuery());
        } catch (IllegalArgumentException e) {
            stats.invalidRequest();
            send(http, 400, error(-1100, e.getMessage()));
            return;
        }
        Malice wrong = malice.poll();
        if (wrong != null) {
            send(http, 200, wrongBody(wrong, request, form));
            return;
        }
        Fault next = faults.poll();
        Fault fault = next != null ? next : options.fault(number);
        stats.answer(fault);
        long now = clock.now();
        List<OhlcvBar> bars = request.bars(market, now);
        String body = form.json(klines(bars), request.series().timeframe());
        switch (fault) {
            case NONE -> {
                stats.served(request.series(), bars, now);
                send(http, 200, body);
            }
            case ERROR -> send(http, 500, error(-1000, "An unknown error occurred while processing the request."));
            case CUT -> {
                sendHalf(http, body);
                http.close();
            }
            case STALLED -> sendHalf(http, body);
            case SILENT -> {}
        }
    }

    private String wrongBody(Malice wrong, KlineRequest request, KlineForm form) {
        List<Kline> klines = wrong.klines(request, asked -> klines(asked.bars(market, clock.now())));
        return wrong.body().isEmpty() ? form.json(klines, request.series().timeframe()) : wrong.body();
    }

    private static List<Kline> klines(List<OhlcvBar> bars) {
        return bars.stream().map(Kline::of).toList();
    }

    private static String error(int code, @Nullable String message) {
        return "{\"code\":" + code + ",\"msg\":\"" + String.valueOf(message).replace('"', '\'') + "\"}";
    }

    private void send(HttpExchange http, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        stats.sent(body.length);
        Answers.send(http, status, body);
    }

    private void sendHalf(HttpExchange http, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        stats.sent(body.length / 2);
        Answers.begin(http, 200, body.length);
        http.getResponseBody().write(body, 0, body.length / 2);
        http.getResponseBody().flush();
    }
}
