package io.iftb.cache.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a user writes on a terminal, with completion and a history that lasts. Lines with an address that may hold a
 * password are not kept. Ctrl-C while a command runs interrupts it.
 */
final class TerminalLines implements ShellCommand.Lines, AutoCloseable {

    private static final String PROMPT = Cli.NAME + "> ";

    private static final int HEIGHT = 24;

    private final Terminal terminal;
    private final LineReader reader;

    private TerminalLines(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    static TerminalLines open(Shell shell, WordCompleter completer) {
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .name(Cli.NAME)
                    .encoding(shell.charset())
                    .dumb(true)
                    .build();
            if (terminal.getWidth() <= 0 || terminal.getHeight() <= 0) { // one that does not know its size
                terminal.setSize(new Size(Screen.DEFAULT_WIDTH, HEIGHT));
            }
            Thread commands = Thread.currentThread();
            terminal.handle(Terminal.Signal.INT, signal -> commands.interrupt());
            return of(
                    terminal, completer, DataFolder.history(shell.environment(), System.getProperty("user.home", ".")));
        } catch (IOException e) {
            throw CommandFailure.trouble("the terminal cannot be used (" + e.getMessage() + ")");
        }
    }

    /** @param history where former lines are kept */
    static TerminalLines of(Terminal terminal, WordCompleter completer, Path history) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .completer(completer)
                .parser(PlainLines.parser()) // open quotes go on in the next line
                .variable(LineReader.HISTORY_FILE, history)
                .history(new HistoryWithoutPasswords())
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // an exclamation mark is one
                .build();
        return new TerminalLines(terminal, reader);
    }

    /** Leaves out lines that may hold an address with a password. */
    private static final class HistoryWithoutPasswords extends DefaultHistory {

        @Override
        public void add(Instant time, String line) {
            if (line.indexOf('@') < 0) {
                super.add(time, line);
            }
        }
    }

    @Override
    public @Nullable List<String> next() {
        boolean unused = Thread.interrupted(); // of the command that ended
        try {
            return PlainLines.words(reader.readLine(PROMPT));
        } catch (UserInterruptException e) {
            return List.of();
        } catch (EndOfFileException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw CommandFailure.trouble("the terminal cannot be restored (" + e.getMessage() + ")");
        }
    }
}
