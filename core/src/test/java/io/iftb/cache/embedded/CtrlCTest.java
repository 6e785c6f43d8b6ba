package io.iftb.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C in a terminal, which interrupts a program and all others of its process group. */
@Timeout(60)
class CtrlCTest {

    /** A program that writes while it exits, for longer than a server needs to end. */
    static final class Program {

        private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(500);

        private Program() {}

        public static void main(String[] arguments) throws IOException {
            EmbeddedServer server = EmbeddedServer.start();
            CountDownLatch written = new CountDownLatch(1);
            var unused = WorkAtExit.register(() -> written.getCount() == 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println(write(server));
                written.countDown();
            }));
            System.out.println(server.pid());
            System.out.println(server.unixSocket());
            System.exit(System.in.read());
        }

        /** The last reply, or the failure. */
        private static String write(EmbeddedServer server) {
            long end = System.nanoTime() + NANOS;
            String reply = "";
            try (RespConnection redis = RespConnection.unix(Objects.requireNonNull(server.unixSocket()))) {
                while (System.nanoTime() - end < 0) {
                    reply = redis.call("SET", "k", "v");
                }
            } catch (IOException e) {
                return e.toString();
            }
            return reply;
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void ctrlC_shutdownHookThatWrites_findsTheServerAndThenItEnds() throws IOException {
        try (ChildJvm child = ChildJvm.inOwnGroup(Program.class)) {
            int sigint = 2;
            assertThat(child.interruptGroup()).isEqualTo(128 + sigint);

            assertThat(child.line()).isEqualTo("+OK");
            assertThat(child.serverIsAlive()).isFalse();
            assertThat(child.serverDirectory()).doesNotExist();
        }
    }
}
