package io.iftb.cache.cli;

/** The characters for candles. A cell has an upper and a lower half. */
enum CandleGlyphs {
    /** Half a cell is the finest detail. The colour shows whether a candle rises or falls. */
    HALVES(" ▁▂▃▄▅▆▇█", '│', '█', '█', "┤│└─┬·"),

    /** A cell is the finest detail. Rising bodies are light, falling ones solid. */
    SHADES(" ▁▂▃▄▅▆▇█", '│', '░', '█', "┤│└─┬·"),

    /** Like {@link #SHADES}, in ASCII. */
    ASCII(" .:|", '|', 'O', '#', "+|+-+-");

    /** What a half of a cell shows. */
    enum Part {
        NOTHING(0),
        WICK(1),
        BODY(2);

        private final int place;

        Part(int place) {
            this.place = place;
        }
    }

    /** By upper half, then lower half; each in the order of {@link Part}. */
    static final String HALF_CELLS = " ╷╻╵│╽╹╿┃";

    private final String levels;
    private final char wick;
    private final char rising;
    private final char falling;
    private final String lines;

    CandleGlyphs(String levels, char wick, char rising, char falling, String lines) {
        this.levels = levels;
        this.wick = wick;
        this.rising = rising;
        this.falling = falling;
        this.lines = lines;
    }

    /** The best glyphs that a screen supports. */
    static CandleGlyphs on(Screen screen) {
        if (!screen.unicode()) {
            return ASCII;
        }
        return screen.colour() ? HALVES : SHADES;
    }

    /** A cell of a candle. */
    char candle(Part upper, Part lower, boolean rises) {
        if (this == HALVES) {
            return HALF_CELLS.charAt(upper.place * 3 + lower.place);
        }
        if (upper == Part.BODY || lower == Part.BODY) {
            return rises ? rising : falling;
        }
        return upper == Part.WICK || lower == Part.WICK ? wick : ' ';
    }

    /** How many levels a cell of a column has, without the empty one. */
    int levels() {
        return levels.length() - 1;
    }

    /** The level to which a cell of a column is filled; negative if the character is none. */
    int levelOf(char character) {
        return levels.indexOf(character);
    }

    /** A cell of a column, filled to a level. */
    char column(int level) {
        return levels.charAt(Math.max(0, Math.min(levels(), level)));
    }

    char tickOfPrice() {
        return lines.charAt(0);
    }

    char priceLine() {
        return lines.charAt(1);
    }

    char corner() {
        return lines.charAt(2);
    }

    char timeLine() {
        return lines.charAt(3);
    }

    char tickOfTime() {
        return lines.charAt(4);
    }

    /** Between parts of a caption. */
    char separator() {
        return lines.charAt(5);
    }

    /** The legend for rising and falling candles, for the caption; empty if colour shows it. */
    String legend() {
        return this == HALVES ? "" : "  (" + rising + " up, " + falling + " down)";
    }
}
