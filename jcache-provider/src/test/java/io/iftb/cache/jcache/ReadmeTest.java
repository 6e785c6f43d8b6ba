package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the Java code of the README, except that for frameworks, on a server of the test. */
class ReadmeTest {

    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @Test
    void standardApi_asItStandsThere_works() throws Exception {
        List<String> blocks = blocks("### The standard API");
        assertThat(blocks).hasSize(2);
        String source = """
                import io.iftb.cache.jcache.*;
                import io.iftb.cache.market.*;
                import java.util.*;
                import java.util.concurrent.*;
                import javax.cache.*;
                import javax.cache.configuration.*;
                import javax.cache.expiry.*;
                public class StandardApi {
                    public record Order(String symbol, double amount) {}
                    @SuppressWarnings("unchecked")
                    public static List<Object> run() throws Exception {
                """ + before(blocks.get(0)) + blocks.get(1) + """
                            return List.of(bar.close(), orders.get("42"), order.toCompletableFuture().get());
                        }
                    }
                }
                """;

        assertThat(run("com.acme.StandardApi", source))
                .hasToString("[113912.05, Order[symbol=BTCUSDT, amount=0.5], Order[symbol=BTCUSDT, amount=0.5]]");
    }

    @Test
    void typedCaches_asTheyStandThere_work() throws Exception {
        List<String> blocks = blocks("### Typed caches");
        assertThat(blocks).hasSize(1);
        String source = """
                import io.iftb.cache.*;
                import io.iftb.cache.market.*;
                import java.time.Duration;
                import java.util.*;
                public class TypedCaches {
                    public static List<Object> run() {
                        List<OhlcvBar> bars = List.of(
                                new OhlcvBar(0, 1, 2, 0.5, 1.5, 10), new OhlcvBar(3_600_000, 1, 2, 0.5, 1.75, 10));
                        long from = 0;
                        long to = 3_600_000;
                        List<SeriesKey> universe = List.of(SeriesKey.of("BTCUSDT", "1h"), SeriesKey.of("ETHUSDT", "1h"));
                        String prompt = "how is the mood?";
                """ + before(blocks.get(0)) + """
                            return List.of(last.size(), may.size(), all.size(), closes[1], ticker, analysis);
                        }
                    }
                }
                """;

        assertThat(run("com.acme.TypedCaches", source)).hasToString("[2, 1, 2, 1.75, Optional.empty, Optional.empty]");
    }

    /** A block whose last line closes what its first has opened, without that line. */
    private static String before(String block) {
        assertThat(block).endsWith("\n}\n");
        return block.substring(0, block.length() - 2);
    }

    private Object run(String name, String source) throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                CompiledClasses classes = CompiledClasses.of(folder, name, onServer(server, source))) {
            Method run = classes.loadClass(name).getMethod("run");
            return run.invoke(null);
        }
    }

    private static String onServer(EmbeddedServer server, String source) {
        String changed = source.replace("redis://127.0.0.1:6379", server.uri());
        assertThat(changed).isNotEqualTo(source);
        return changed;
    }

    private static List<String> blocks(String heading) throws IOException {
        String section = Files.readString(Path.of("../README.md"))
                .split("\n" + heading + "\n", 2)[1]
                .split("\n##", 2)[0];
        Matcher blocks = JAVA.matcher(section);
        return blocks.results().map(block -> block.group(1)).toList();
    }
}
