package io.iftb.cache.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;
import org.jspecify.annotations.Nullable;

/** The lines of a file or of a pipe. */
final class PlainLines implements ShellCommand.Lines {

    private final BufferedReader in;

    PlainLines(Shell shell) {
        in = new BufferedReader(new InputStreamReader(shell.in(), shell.charset()));
    }

    @Override
    public @Nullable List<String> next() {
        try {
            String line = in.readLine();
            if (line == null) {
                return null;
            }
            return words(line);
        } catch (IOException e) {
            throw CommandFailure.trouble("standard input cannot be read (" + e.getMessage() + ")");
        }
    }

    /** Quotes and backslashes are as in a shell. */
    static DefaultParser parser() {
        return new DefaultParser().eofOnUnclosedQuote(true);
    }

    /** The words of a line, none if it is a comment, which begins with #; spaces at its end are no word. */
    static List<String> words(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#")
                ? List.of()
                : parser().parse(text, text.length(), ParseContext.ACCEPT_LINE).words();
    }
}
