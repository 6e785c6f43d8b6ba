package io.iftb.cache.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table in plain text: columns as wide as their widest cell, separated by two spaces, with aligned decimal points. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final char[] alignments;
    private final int[] widths;
    private final int[] fractions;

    /**
     * @param header the names of the columns; those that start with {@code >} are aligned to the right, those that start
     *     with {@code .} at the decimal point
     */
    TextTable(String... header) {
        alignments = new char[header.length];
        widths = new int[header.length];
        fractions = new int[header.length];
        String[] names = new String[header.length];
        for (int i = 0; i < header.length; i++) {
            boolean marked = header[i].startsWith(">") || header[i].startsWith(".");
            alignments[i] = marked ? header[i].charAt(0) : '<';
            names[i] = marked ? header[i].substring(1) : header[i];
            widths[i] = width(names[i]);
        }
        rows.add(names);
    }

    /** Adds a row, of as many cells as there are columns. */
    TextTable row(String... cells) {
        for (int i = 0; i < widths.length; i++) {
            fractions[i] = Math.max(fractions[i], fraction(cells[i]));
        }
        rows.add(Arrays.copyOf(cells, widths.length));
        return this;
    }

    /** Writes the table; stops early if the output is no longer read. */
    void print(PrintStream out) {
        int checkEvery = 1024;
        for (int i = 1; i < rows.size(); i++) {
            alignPoints(rows.get(i));
        }
        for (int i = 0; i < rows.size(); i++) {
            out.println(line(rows.get(i)));
            if (i % checkEvery == checkEvery - 1 && out.checkError()) {
                return;
            }
        }
    }

    private void alignPoints(String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            if (alignments[i] == '.') {
                cells[i] += " ".repeat(fractions[i] - fraction(cells[i]));
            }
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
    }

    private String line(String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String padding = " ".repeat(widths[i] - width(cells[i]));
            line.append(i == 0 ? "" : GAP);
            line.append(alignments[i] == '<' ? cells[i] + padding : padding + cells[i]);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** The text from the decimal point on. */
    private static int fraction(String cell) {
        int point = cell.indexOf('.');
        return point < 0 ? 0 : cell.length() - point;
    }
}
