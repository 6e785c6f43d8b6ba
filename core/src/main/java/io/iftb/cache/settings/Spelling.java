package io.iftb.cache.settings;

import java.util.Arrays;

/** How like two names are, to tell what a wrong one was meant to be. */
public final class Spelling {

    private static final int FEW = 2;
    private static final int SHARE = 5;

    private Spelling() {}

    /** Whether a name is so like a known one that it was probably meant: few letters are missing, added or replaced. */
    public static boolean isAlike(String written, String known) {
        return distance(written, known) <= mostErrors(written);
    }

    /** How many errors a name may have: more in a long one, and never most of its letters. */
    static int mostErrors(String written) {
        return Math.min(Math.max(FEW, written.length() / SHARE), written.length() / 2);
    }

    /** How many characters you have to add, remove or replace to turn one text into the other (Levenshtein). */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, column -> column);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
