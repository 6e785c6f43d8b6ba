package com.acme.bot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;

/** A bot of which two run at the same time, and ask for the same. */
@SpringBootApplication
@EnableCaching
public class BotApplication {

    private static final int BOTS = 2;

    /** @param arguments the folder that all bots share */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        try (ConfigurableApplicationContext bot = run(folder)) {
            Analyst analyst = bot.getBean(Analyst.class);
            waitForTheOther(folder);
            System.out.println("RESULT " + analyst.analysis("BTC") + ", " + analyst.report("BTC") + ", "
                    + analyst.forecast("BTC"));
        }
    }

    static ConfigurableApplicationContext run(Path folder, String... more) {
        String[] own = {"--spring.profiles.active=bot", "--bot.folder=" + folder, "--spring.main.web-application-type=none"};
        return SpringApplication.run(
                BotApplication.class, Stream.concat(Stream.of(own), Stream.of(more)).toArray(String[]::new));
    }

    private static void waitForTheOther(Path folder) throws IOException, InterruptedException {
        Files.createTempFile(folder, "ready", "");
        while (ready(folder) < BOTS) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static long ready(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("ready")).count();
        }
    }
}
