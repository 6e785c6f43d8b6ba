package io.iftb.cache.cli;

import io.iftb.cache.embedded.EmbeddedServerException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.Spelling;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints errors as one sentence on standard error, without a stack trace and without a password. */
final class ErrorMessages implements IExecutionExceptionHandler, IParameterExceptionHandler {

    /**
     * User and password in an address: all up to the last {@code @}, since a password may contain one. Not the notation of
     * addresses in our own messages.
     */
    private static final Pattern CREDENTIALS =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:/{1,2}+)(?!\\[user:password@]host\\[:port])\\S*@");

    /** The same in quotes, where a password may have blanks. */
    private static final Pattern QUOTED_CREDENTIALS =
            Pattern.compile("(['\"][A-Za-z][A-Za-z0-9+.-]*:/{1,2}+)(?!\\[user:password@]host\\[:port])[^'\"]*@");

    /** How settings name a value that an option gave. */
    private static final Map<String, String> OPTIONS = Map.of(
            "Setting " + Setting.REDIS_URI.propertyName() + ServerOptions.IN_PLACE, "--redis",
            "Setting " + Setting.REDIS_PASSWORD_FILE.propertyName() + ServerOptions.IN_PLACE, "--redis-password-file",
            "Setting " + Setting.NAMESPACE.propertyName() + ServerOptions.IN_PLACE, "--namespace");

    private final Shell shell;
    private final BooleanSupplier debug;

    ErrorMessages(Shell shell, BooleanSupplier debug) {
        this.shell = shell;
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        CommandLine command = exception.getCommandLine();
        String help = "see '" + command.getCommandSpec().qualifiedName() + " --help'";
        String message = String.valueOf(exception.getMessage()).replaceFirst("^Error: ", "");
        if (exception instanceof UnmatchedArgumentException unmatched) {
            message = unmatched(unmatched);
        }
        say(message + suggestions(exception) + "; " + help, exception);
        return ExitStatus.WRONG_USAGE;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, @Nullable ParseResult parsed) {
        for (Throwable cause : causes(exception)) {
            if (cause instanceof CommandFailure failure) {
                return say(failure.getMessage(), exception, failure.exitStatus());
            }
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException) { // Ctrl-C in the shell
                return say("interrupted", exception, ExitStatus.TROUBLE);
            }
            if (cause instanceof RedisServerException || cause instanceof EmbeddedServerException) {
                return say(cause.getMessage(), exception, ExitStatus.TROUBLE);
            }
        }
        if (exception instanceof IllegalArgumentException || exception instanceof UnsupportedOperationException) {
            return say(exception.getMessage(), exception, ExitStatus.WRONG_USAGE);
        }
        String what = exception.getClass().getSimpleName()
                + (exception.getMessage() == null ? "" : " (" + exception.getMessage() + ")");
        String remedy = "; run it again with " + Cli.DEBUG + " and report what it shows";
        return say("unexpected " + what + remedy, exception, ExitStatus.TROUBLE);
    }

    private static List<Throwable> causes(Throwable exception) {
        int deepest = 20;
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = exception; cause != null && causes.size() < deepest; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static String unmatched(UnmatchedArgumentException exception) {
        CommandLine command = exception.getCommandLine();
        String first = exception.getUnmatched().get(0);
        if (exception.isUnknownOption()) {
            return "there is no option '" + first + "'";
        }
        return command.getParent() == null
                ? "there is no command '" + first + "'"
                : "'" + first + "' is one argument too many";
    }

    private static String suggestions(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            String written = unmatched.getUnmatched().get(0);
            List<String> names = unmatched.getSuggestions().stream()
                    .filter(name -> Spelling.isAlike(written, name))
                    .toList();
            return names.isEmpty() ? "" : ", did you mean " + String.join(" or ", names) + "?";
        }
        return "";
    }

    private int say(@Nullable String sentence, Exception exception, int exitStatus) {
        say(String.valueOf(sentence), exception);
        return exitStatus;
    }

    private void say(String sentence, Exception exception) {
        shell.out().flush();
        String line = withoutCredentials(withOptions(sentence).strip().replaceAll("\\s*\\R\\s*", " "));
        shell.err().println(Cli.NAME + ": " + Printable.text(line));
        if (debug.getAsBoolean()) {
            StringWriter trace = new StringWriter();
            exception.printStackTrace(new PrintWriter(trace));
            shell.err().print(withoutCredentials(trace.toString()));
        }
    }

    private static String withOptions(String sentence) {
        String text = sentence;
        for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
            text = text.replace(option.getKey(), option.getValue());
        }
        return text;
    }

    /** A text without the credentials of the addresses in it. */
    static String withoutCredentials(String text) {
        String unquoted = CREDENTIALS.matcher(text).replaceAll("$1***@");
        return QUOTED_CREDENTIALS.matcher(unquoted).replaceAll("$1***@");
    }
}
