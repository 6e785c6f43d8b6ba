package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/** The Markdown report with drawings, as one HTML file without scripts that loads nothing. */
final class HtmlPage {

    private static final List<Extension> TABLES = List.of(TablesExtension.create());

    private HtmlPage() {}

    /** The page of a run. */
    static String of(Results results, @Nullable Results other) {
        String markdown = MarkdownReport.of(results, other, Plots::of);
        String body = HtmlRenderer.builder()
                .extensions(TABLES)
                .build()
                .render(Parser.builder().extensions(TABLES).build().parse(markdown));
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>iftb-cache benchmarks</title>
                <style>
                """ + style() + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }

    /** The style sheet of all drawings. */
    static String style() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing on the class path.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
