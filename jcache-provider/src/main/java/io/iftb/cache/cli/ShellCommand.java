package io.iftb.cache.cli;

import io.iftb.cache.settings.Setting;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jline.reader.EOFError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads commands line by line, on one server, with completion if there is a terminal. */
@Command(
        name = ShellCommand.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Reads commands line by line, without \"iftb-cache\" before them. On a terminal, Tab completes commands, options,"
                    + " caches, symbols and timeframes, the arrows find former lines, Ctrl-C ends a command, and exit or"
                    + " Ctrl-D ends it all.",
            "The server is that of this command; one that is started without an address lives until the end."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache shell",
            "  iftb-cache shell --redis redis://127.0.0.1:6379 --namespace bot1",
            "  iftb-cache shell < commands.txt",
            "",
            "Exit status: 0 on a terminal, otherwise the highest of its commands."
        })
final class ShellCommand implements Callable<Integer> {

    static final String NAME = "shell";

    private static final Set<String> ENDS = Set.of("exit", "quit");
    private static final String EMBEDDED = "embedded";

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    ShellCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (ServerSession session = server.open(shell)) {
            Shell inner = inner(session);
            boolean isTerminal = shell.progress()
                    && Screen.isTerminal(Screen.STANDARD_INPUT)
                    && Screen.isTerminal(Screen.STANDARD_OUTPUT);
            if (!isTerminal) {
                return run(new PlainLines(shell), inner);
            }
            try (TerminalLines lines = TerminalLines.open(shell, new WordCompleter(inner, session.caches()))) {
                shell.out().println(session.name() + "; help lists the commands, Ctrl-D ends");
                shell.out().flush();
                run(lines, inner);
                return ExitStatus.DONE;
            }
        }
    }

    private int run(Lines lines, Shell inner) {
        int status = ExitStatus.DONE;
        while (true) {
            List<String> words;
            try {
                words = lines.next();
            } catch (EOFError e) {
                shell.err().println(Cli.NAME + ": " + e.getMessage() + "; close the quotes");
                status = Math.max(status, ExitStatus.WRONG_USAGE);
                continue;
            }
            if (words == null || (words.size() == 1 && ENDS.contains(words.get(0)))) {
                return status;
            }
            if (!words.isEmpty()) {
                status = Math.max(status, run(words, inner));
            }
        }
    }

    private int run(List<String> words, Shell inner) {
        int status;
        List<String> command = words.get(0).equals(Cli.NAME) ? words.subList(1, words.size()) : words;
        if (command.isEmpty() || command.get(0).equals(NAME)) {
            shell.err().println(Cli.NAME + ": this is the shell already; write a command such as series");
            status = ExitStatus.WRONG_USAGE;
        } else {
            status = Cli.run(inner, command.toArray(new String[0]));
        }
        shell.out().flush();
        return status;
    }

    /** The environment of the commands, which use the server that is open here. */
    private Shell inner(ServerSession session) {
        Properties options = server.given(shell);
        if (server.settings(shell).redisUri().startsWith(EMBEDDED)) {
            // with an empty login, so that none of another place is taken
            options.setProperty(
                    Setting.REDIS_URI.propertyName(), session.caches().server().replace("://", "://:@"));
            options.remove(Setting.REDIS_PASSWORD_FILE.propertyName());
        }
        return new Shell(
                shell.environment(),
                InputStream.nullInputStream(),
                shell.out(),
                shell.err(),
                shell.charset(),
                shell.screen(),
                shell.progress(),
                options);
    }

    /** Where the lines come from. */
    interface Lines {

        /**
         * The words of the next line; null at the end.
         *
         * @throws EOFError if quotes are not closed
         */
        @Nullable
        List<String> next();
    }
}
