package io.iftb.cache.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table in plain text: columns as wide as their widest cell, two spaces between them. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] rightAligned;
    private final int[] widths;

    /** @param header the names of the columns; those that start with {@code >} are aligned to the right */
    TextTable(String... header) {
        rightAligned = new boolean[header.length];
        widths = new int[header.length];
        String[] names = new String[header.length];
        for (int i = 0; i < header.length; i++) {
            rightAligned[i] = header[i].startsWith(">");
            names[i] = rightAligned[i] ? header[i].substring(1) : header[i];
        }
        row(names);
    }

    /** Adds a row, of as many cells as there are columns. */
    TextTable row(String... cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
        rows.add(Arrays.copyOf(cells, widths.length));
        return this;
    }

    /** Writes the table; stops early if nobody reads on. */
    void print(PrintStream out) {
        int checkEvery = 1024;
        for (int i = 0; i < rows.size(); i++) {
            out.println(line(rows.get(i)));
            if (i % checkEvery == checkEvery - 1 && out.checkError()) {
                return;
            }
        }
    }

    private String line(String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String padding = " ".repeat(widths[i] - width(cells[i]));
            line.append(i == 0 ? "" : GAP);
            line.append(rightAligned[i] ? padding + cells[i] : cells[i] + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
