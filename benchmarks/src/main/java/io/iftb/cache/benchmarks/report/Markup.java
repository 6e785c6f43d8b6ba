package io.iftb.cache.benchmarks.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** HTML and SVG as it is written: every text and attribute escaped, every element closed, so that XML tools read it too. */
final class Markup {

    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Starts an element; attributes are names and values in turn. */
    Markup open(String tag, String... attributes) {
        start(tag, attributes);
        text.append('>');
        open.push(tag);
        return this;
    }

    /** Ends the element that was started last. */
    Markup close() {
        String tag = open.pop();
        text.append("</").append(tag).append('>');
        if (isBlock(tag)) {
            text.append('\n');
        }
        return this;
    }

    /** An element with nothing in it. */
    Markup leaf(String tag, String... attributes) {
        start(tag, attributes);
        text.append("/>");
        return this;
    }

    /** An element with text in it. */
    Markup element(String tag, String content, String... attributes) {
        return open(tag, attributes).text(content).close();
    }

    Markup text(String content) {
        escape(content);
        return this;
    }

    /** Our own style sheet, which needs no escape. */
    Markup raw(String content) {
        text.append(content);
        return this;
    }

    private void start(String tag, String... attributes) {
        text.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            text.append('"');
        }
    }

    private void escape(String content) {
        for (int i = 0; i < content.length(); i++) {
            char each = content.charAt(i);
            switch (each) {
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '&' -> text.append("&amp;");
                case '"' -> text.append("&quot;");
                default -> text.append(each < ' ' && each != '\n' ? ' ' : each);
            }
        }
    }

    private static boolean isBlock(String tag) {
        return switch (tag) {
            case "td", "th", "span", "a", "strong", "tspan", "text", "g", "title", "desc" -> false;
            default -> true;
        };
    }

    /** Everything that was written. */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        return text.toString();
    }
}
