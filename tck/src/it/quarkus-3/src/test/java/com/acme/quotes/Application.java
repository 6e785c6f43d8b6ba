package com.acme.quotes;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The packaged application in a JVM of its own, which answers lines. */
final class Application implements AutoCloseable {

    private static final String ANSWER = "ANSWER ";

    private final Process process;
    private final PrintWriter questions;
    private final BufferedReader answers;

    Application(String uri, String name) throws IOException {
        ProcessBuilder jvm = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                "target/quarkus-app/quarkus-run.jar");
        jvm.environment().put("IFTB_CACHE_REDIS_URI", uri);
        process = jvm.redirectError(new File("target/" + name + ".err")).start();
        questions = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The answer to a line; what Quarkus logs between is skipped. */
    String ask(String line) throws IOException {
        questions.println(line);
        String answer;
        while ((answer = answers.readLine()) != null) {
            if (answer.startsWith(ANSWER)) {
                return answer.substring(ANSWER.length());
            }
        }
        throw new IOException("the application ended; see target/*.err");
    }

    @Override
    public void close() throws InterruptedException {
        questions.close();
        process.waitFor();
    }
}
