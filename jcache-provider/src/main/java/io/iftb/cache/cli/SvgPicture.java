package io.iftb.cache.cli;

import io.iftb.cache.cli.CandleGlyphs.Part;
import io.iftb.cache.cli.Canvas.Colour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An SVG picture of what a terminal shows. It has a background, so that it can be read on light and on dark pages. The
 * characters of charts are drawn as rectangles, so that no font can misalign them; only words are text.
 */
final class SvgPicture {

    private static final int CELL_WIDTH = 8;
    private static final int CELL_HEIGHT = 16;
    private static final int HALF = CELL_HEIGHT / 2;
    private static final int MARGIN = 16;

    /** From the bottom of a cell to that of its letters. */
    private static final int BELOW_LETTERS = 4;

    private static final int LIGHT_STROKE = 2;
    private static final int HEAVY_STROKE = 6;
    private static final String BACKGROUND = "#0d1117";
    private static final Pattern CHANGE_OF_COLOUR = Pattern.compile("\u001b\\[([0-9]*)m");
    private static final Pattern WORDS = Pattern.compile("\\S+(?: \\S+)*");

    private final Map<Strip, BitSet> strips = new LinkedHashMap<>();
    private final StringBuilder texts = new StringBuilder();

    private SvgPicture() {}

    /**
     * Where rectangles of one colour and width follow each other, so that those that touch become one.
     *
     * @param from its left edge if it is upright, otherwise its upper one
     */
    private record Strip(Colour colour, boolean upright, int from, int width) {}

    /**
     * Writes a picture to a file, over one that exists.
     *
     * @param lines with colours
     * @param columns the width in characters
     */
    static void write(Path file, List<String> lines, int columns) {
        try {
            Files.writeString(file, of(lines, columns));
        } catch (IOException e) {
            CommandFailure failure = CommandFailure.wrongUsage("the picture '" + file + "' cannot be written ("
                    + e.getClass().getSimpleName() + "); give a file in a folder that exists and that you may write");
            failure.initCause(e);
            throw failure;
        }
    }

    /** The picture as XML. Its title is the first line. */
    static String of(List<String> lines, int columns) {
        SvgPicture picture = new SvgPicture();
        for (int row = 0; row < lines.size(); row++) {
            picture.draw(lines.get(row), MARGIN + row * CELL_HEIGHT);
        }
        String title = CHANGE_OF_COLOUR.matcher(lines.get(0)).replaceAll("");
        int width = columns * CELL_WIDTH + 2 * MARGIN;
        int height = lines.size() * CELL_HEIGHT + 2 * MARGIN;
        return String.format(
                Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img" \
                font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
                <title>%3$s</title>
                <rect width="%1$d" height="%2$d" rx="8" fill="%4$s"/>
                %5$s%6$s</svg>
                """, width, height, escaped(title), BACKGROUND, picture.paths(), picture.texts);
    }

    private void draw(String line, int top) {
        Matcher change = CHANGE_OF_COLOUR.matcher(line);
        Colour colour = Colour.PLAIN;
        int column = 0;
        int start = 0;
        while (change.find()) {
            column = draw(line.substring(start, change.start()), column, top, colour);
            colour = Colour.of(change.group(1));
            start = change.end();
        }
        draw(line.substring(start), column, top, colour);
    }

    /** Draws a text of one colour; returns the column after it. */
    private int draw(String text, int column, int top, Colour colour) {
        StringBuilder words = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (drawGlyph(text.charAt(i), MARGIN + (column + i) * CELL_WIDTH, top, colour)) {
                words.setCharAt(i, ' ');
            }
        }
        Matcher word = WORDS.matcher(words);
        while (word.find()) {
            texts.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\">%s</text>\n",
                    MARGIN + (column + word.start()) * CELL_WIDTH,
                    top + CELL_HEIGHT - BELOW_LETTERS,
                    word.group().length() * CELL_WIDTH,
                    fill(colour),
                    escaped(word.group())));
        }
        return column + text.length();
    }

    /** Whether the character was one of a chart, and is drawn. */
    private boolean drawGlyph(char character, int left, int top, Colour colour) {
        int halves = CandleGlyphs.HALF_CELLS.indexOf(character);
        int level = CandleGlyphs.HALVES.levelOf(character);
        if (halves > 0) {
            Part[] parts = Part.values();
            upright(parts[halves / parts.length], left, top, colour);
            upright(parts[halves % parts.length], left, top + HALF, colour);
        } else if (level > 0) {
            int height = CELL_HEIGHT * level / CandleGlyphs.HALVES.levels();
            upright(colour, left, HEAVY_STROKE, top + CELL_HEIGHT - height, height);
        } else if (character == CandleGlyphs.HALVES.tickOfPrice()) {
            upright(Part.WICK, left, top, colour);
            upright(Part.WICK, left, top + HALF, colour);
            level(left, CELL_WIDTH / 2, top, colour);
        } else if (character == CandleGlyphs.HALVES.corner()) {
            upright(Part.WICK, left, top, colour);
            level(left + CELL_WIDTH / 2 - 1, CELL_WIDTH / 2 + 1, top, colour);
        } else if (character == CandleGlyphs.HALVES.timeLine()) {
            level(left, CELL_WIDTH, top, colour);
        } else if (character == CandleGlyphs.HALVES.tickOfTime()) {
            level(left, CELL_WIDTH, top, colour);
            upright(Part.WICK, left, top + HALF, colour);
        } else {
            return false;
        }
        return true;
    }

    /** Half a cell of a candle or of an upright line. */
    private void upright(Part part, int left, int top, Colour colour) {
        if (part != Part.NOTHING) {
            upright(colour, left, part == Part.BODY ? HEAVY_STROKE : LIGHT_STROKE, top, HALF);
        }
    }

    private void upright(Colour colour, int left, int width, int top, int height) {
        Strip strip = new Strip(colour, true, left + (CELL_WIDTH - width) / 2, width);
        strips.computeIfAbsent(strip, unused -> new BitSet()).set(top, top + height);
    }

    private void level(int left, int length, int top, Colour colour) {
        Strip strip = new Strip(colour, false, top + HALF - LIGHT_STROKE / 2, LIGHT_STROKE);
        strips.computeIfAbsent(strip, unused -> new BitSet()).set(left, left + length);
    }

    /** One path for each colour. */
    private String paths() {
        Map<Colour, StringBuilder> paths = new LinkedHashMap<>();
        strips.forEach((strip, drawn) -> {
            StringBuilder path = paths.computeIfAbsent(strip.colour(), unused -> new StringBuilder());
            for (int start = drawn.nextSetBit(0); start >= 0; ) {
                int end = drawn.nextClearBit(start);
                path.append(
                        strip.upright()
                                ? rectangle(strip.from(), start, strip.width(), end - start)
                                : rectangle(start, strip.from(), end - start, strip.width()));
                start = drawn.nextSetBit(end);
            }
        });
        StringBuilder all = new StringBuilder();
        paths.forEach((colour, path) -> all.append("<path fill=\"")
                .append(fill(colour))
                .append("\" d=\"")
                .append(path)
                .append("\"/>\n"));
        return all.toString();
    }

    private static String rectangle(int left, int top, int width, int height) {
        return "M" + left + " " + top + "h" + width + "v" + height + "h-" + width + "z";
    }

    private static String fill(Colour colour) {
        return switch (colour) {
            case PLAIN -> "#c9d1d9";
            case RISING -> "#3fb950";
            case FALLING -> "#f85149";
            case FAINT -> "#8b949e";
            case STRONG -> "#ffffff";
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
