package io.iftb.cache.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description =
                "Prints a script with which your shell completes commands and options. It works for an alias with the"
                        + " name " + Cli.NAME + " too.",
        footer = {
            "",
            "Examples:",
            "  mkdir -p ~/.local/share/bash-completion/completions ~/.config/fish/completions",
            "  iftb-cache completion bash \\",
            "    > ~/.local/share/bash-completion/completions/iftb-cache",
            "  iftb-cache completion zsh > ~/.iftb-cache-completion.zsh",
            "  iftb-cache completion fish > ~/.config/fish/completions/iftb-cache.fish",
            "",
            "In ~/.zshrc: source ~/.iftb-cache-completion.zsh"
        })
final class CompletionCommand implements Callable<Integer> {

    private final Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Kind kind = Kind.BASH;

    /** A shell. */
    enum Kind {
        BASH,
        ZSH,
        FISH;

        static Kind parse(String text) {
            return Choice.parse(Kind.class, "shell", text);
        }

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        CommandLine whole = spec.root().commandLine();
        // picocli's script turns bash's completion on in zsh by itself
        shell.out().print(kind == Kind.FISH ? fish(whole) : AutoComplete.bash(Cli.NAME, whole));
        return ExitStatus.DONE;
    }

    private static String fish(CommandLine whole) {
        StringBuilder script = new StringBuilder("# completion of " + Cli.NAME + " for fish\n");
        whole.getSubcommands().forEach((name, command) -> {
            CommandSpec of = command.getCommandSpec();
            script.append("complete -c " + Cli.NAME + " -n __fish_use_subcommand -f -a ")
                    .append(name)
                    .append(" -d ")
                    .append(quoted(first(of.usageMessage().description())))
                    .append('\n');
            for (OptionSpec option : of.options()) {
                if (!option.hidden()) {
                    script.append("complete -c " + Cli.NAME + " -n '__fish_seen_subcommand_from ")
                            .append(name)
                            .append("' -l ")
                            .append(option.longestName().replaceFirst("^-+", ""))
                            .append(option.arity().max() > 0 ? " -r" : "")
                            .append(" -d ")
                            .append(quoted(first(option.description())))
                            .append('\n');
                }
            }
        });
        return script.toString();
    }

    /** The first sentence of a description. */
    private static String first(String[] description) {
        String text = description.length == 0 ? "" : description[0];
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
