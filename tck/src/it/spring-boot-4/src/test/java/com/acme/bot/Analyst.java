package com.acme.bot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheResult;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Slow and dear answers. Each call is a line in a file that all JVMs write. */
@Service
public class Analyst {

    private final Path calls;

    Analyst(@Value("${bot.folder}") Path folder) {
        this.calls = folder.resolve("calls");
    }

    @Cacheable(cacheNames = "analyses", sync = true)
    public String analysis(String symbol) {
        return answer("analysis of " + symbol);
    }

    @CacheResult(cacheName = "reports")
    public String report(String symbol) {
        return answer("report on " + symbol);
    }

    @CacheResult(cacheName = "forecasts")
    public Forecast forecast(String symbol) {
        return new Forecast(answer("forecast of " + symbol), List.of(new Target(50_000, Side.BUY)));
    }

    public enum Side {
        BUY,
        SELL
    }

    public record Target(double price, Side side) {}

    public record Forecast(String text, List<Target> targets) {}

    @CacheRemove(cacheName = "reports")
    public void forgetReport(String symbol) {}

    private String answer(String question) {
        try {
            Files.writeString(calls, question + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return question + " by " + ProcessHandle.current().pid();
    }
}
