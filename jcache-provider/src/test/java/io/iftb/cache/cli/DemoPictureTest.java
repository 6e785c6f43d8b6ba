package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What the README shows of the demo is what the demo shows. */
class DemoPictureTest {

    private static final Path README = Path.of("..", "README.md");

    /** The picture that the README shows. */
    private static final Path SHOWN = Path.of("demo.svg");

    /** How many keys do not end within an hour. */
    private static final String IMMORTAL =
            "local keys = 0 for _, key in ipairs(redis.call('KEYS', '*')) do local left = redis.call('PTTL', key)"
                    + " if left == -1 or left > 3600000 then keys = keys + 1 end end return keys";

    private final CliRunner cli = new CliRunner();

    @Test
    void demo_svg_isThePictureOfTheReadme(@TempDir Path folder) throws Exception {
        Path picture = folder.resolve("demo.svg");
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Run run = cli.run("demo", "--redis", server.uri(), "--svg", picture.toString());
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("Picture   " + picture);
            assertThat(withoutFigures(run.out()).lines().toList()).containsAll(linesOfTheReadme());
        }
        assertThat(picture)
                .as("'java -jar target/iftb-cache.jar demo --svg demo.svg' in jcache-provider draws it anew")
                .hasSameTextualContentAs(SHOWN);
        assertThat(Files.readString(README)).contains("src=\"jcache-provider/" + SHOWN + "\"");
    }

    private static List<String> linesOfTheReadme() throws IOException {
        String block = Files.readString(README).split("```text\n", 2)[1].split("```", 2)[0];
        assertThat(block).startsWith("Bars ");
        return withoutFigures(block).lines().toList();
    }

    /** A text with one sign for each figure, since those of memory differ from server to server. */
    private static String withoutFigures(String text) {
        return text.replaceAll("[0-9][0-9.,]*", "#");
    }

    @Test
    void demo_svgInAFolderThatIsNotThere_isRefused(@TempDir Path folder) {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Path picture = folder.resolve("none").resolve("demo.svg");
            Run run = cli.run("demo", "--redis", server.uri(), "--svg", picture.toString());
            assertThat(run.status()).isEqualTo(ExitStatus.WRONG_USAGE);
            assertThat(run.err())
                    .startsWith(
                            "iftb-cache: the picture '" + picture + "' cannot be written (NoSuchFileException); give a")
                    .hasLineCount(1);
        }
    }

    @Test
    void demo_newestFirst_showsTheNewestPrice(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("ETH-USD-1h.csv"), """
                timestamp,open,high,low,close,volume
                1678737600,3,4,2,3.5,10
                1678734000,2,4,1,3,10
                1678730400,1,4,0.5,2,10
                """);
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Run run = cli.run("demo", "--redis", server.uri(), "--csv", file.toString());
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).containsPattern("\\n +ETH-USD .*last 3\\.50 ");
            assertThat(run.out().lines().filter(line -> line.contains("  open ")))
                    .extracting(line -> line.strip().substring(0, 16))
                    .isSorted()
                    .hasSize(3);
        }
    }

    /** A demo that is killed, and another one after it. */
    @Test
    void demo_withoutItsEnd_leavesWhatEndsWithinAnHour() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            Properties settings = DemoCommand.settings(server.uri());
            Shell shell = cli.shell(new PrintStream(OutputStream.nullOutputStream()), System.err);
            try (CachingProvider provider = Caching.getCachingProvider();
                    CacheManager manager = provider.getCacheManager(null, null, settings)) {
                Demo demo = new Demo(shell, manager, SeriesKey.of("BTC", "1h"), RandomWalk.hours(3_000, 1));
                demo.load("a test");
                demo.chart(null);
                demo.tickers();
                demo.analysis();
            }
            assertThat(raw.number("DBSIZE")).isPositive();
            assertThat(raw.number("EVAL", IMMORTAL, "0")).isZero();

            assertThat(cli.run("demo", "--redis", server.uri()).status()).isZero();
            assertThat(raw.number("DBSIZE"))
                    .as("what the first demo has stored")
                    .isPositive();
        }
    }

    @Test
    void of_glyphs_areRectanglesAndWordsAreText() throws Exception {
        String svg = SvgPicture.of(
                List.of("A<&B \u001b[32mup  \u001b[0m│", "\u001b[32m╽\u001b[0m┃▄ ┤└─┬", "\u001b[31m┃\u001b[0m"), 10);

        Document picture =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));

        assertThat(picture.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("A<&B up  │");
        NodeList texts = picture.getElementsByTagName("text");
        assertThat(texts.getLength()).isEqualTo(2);
        assertThat(texts.item(0).getTextContent()).isEqualTo("A<&B");
        assertThat(texts.item(1).getTextContent()).isEqualTo("up");
        assertThat(svg)
                // a wick over a body, each half a cell
                .contains("fill=\"#3fb950\" d=\"M19 32h2v8h-2zM17 40h6v8h-6z\"")
                // half a column, beside a whole body, and lines that join
                .contains("M25 32h6v16h-6z", "M33 40h6v8h-6z", "M48 39")
                .contains("fill=\"#f85149\" d=\"M17 48h6v16h-6z\"");
    }
}
