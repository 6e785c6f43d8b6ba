package io.iftb.cache.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A grid of coloured characters. */
final class Canvas {

    private static final String ESCAPE = "\u001b[";
    private static final String RESET = ESCAPE + "0m";

    private final char[][] characters;
    private final Colour[][] colours;

    Canvas(int width, int height) {
        characters = new char[height][width];
        colours = new Colour[height][width];
        for (int row = 0; row < height; row++) {
            Arrays.fill(characters[row], ' ');
            Arrays.fill(colours[row], Colour.PLAIN);
        }
    }

    /** A colour of the terminal's own palette. */
    enum Colour {
        PLAIN(""),
        RISING("32"),
        FALLING("31"),
        FAINT("90"),
        STRONG("1");

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        /** The colour of a code of {@link #paint(String)}, or of the one that ends it. */
        static Colour of(String code) {
            return Arrays.stream(values())
                    .filter(colour -> colour.code.equals(code))
                    .findFirst()
                    .orElse(PLAIN);
        }

        /** A text in this colour. */
        String paint(String text) {
            return this == PLAIN ? text : ESCAPE + code + "m" + text + RESET;
        }

        /** A text in this colour if the screen supports colours. */
        String paint(String text, Screen screen) {
            return screen.colour() ? paint(text) : text;
        }
    }

    /** Sets a character; ignores one outside the grid. */
    void put(int row, int column, char character, Colour colour) {
        if (row >= 0 && row < characters.length && column >= 0 && column < characters[row].length) {
            characters[row][column] = character;
            colours[row][column] = colour;
        }
    }

    /** Sets a text from left to right. */
    void put(int row, int column, String text, Colour colour) {
        for (int i = 0; i < text.length(); i++) {
            put(row, column + i, text.charAt(i), colour);
        }
    }

    /** The rows from top to bottom, without trailing spaces. */
    List<String> lines(boolean coloured) {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < characters.length; row++) {
            int length = new String(characters[row]).stripTrailing().length();
            lines.add(coloured ? coloured(row, length) : new String(characters[row], 0, length));
        }
        return lines;
    }

    private String coloured(int row, int length) {
        StringBuilder line = new StringBuilder();
        int start = 0;
        for (int column = 1; column <= length; column++) {
            if (column == length || colours[row][column] != colours[row][start]) {
                line.append(colours[row][start].paint(new String(characters[row], start, column - start)));
                start = column;
            }
        }
        return line.toString();
    }
}
