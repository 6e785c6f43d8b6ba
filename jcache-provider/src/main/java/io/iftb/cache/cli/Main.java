package io.iftb.cache.cli;

import java.util.List;

/** The entry point of {@code java -jar iftb-cache.jar}. */
public final class Main {

    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] args) {
        quieten(args);
        StandardOutput output = new StandardOutput();
        Shell shell = Shell.ofProcess(output);
        int status = Cli.run(shell, args);
        shell.out().flush();
        String trouble = output.trouble();
        if (trouble != null) {
            shell.err().println(Cli.NAME + ": standard output cannot be written (" + trouble + "); make room for it");
            status = Math.max(status, ExitStatus.TROUBLE);
        }
        System.exit(status);
    }

    /** Turns off logs of libraries, unless {@code --debug} is given. */
    private static void quieten(String[] args) {
        boolean debug = List.of(args).contains(Cli.DEBUG);
        setUnlessSet("org.slf4j.simpleLogger.defaultLogLevel", debug ? "info" : "off");
        setUnlessSet("slf4j.internal.verbosity", "ERROR");
        // otherwise JDK 24 and later print a warning about Kryo's use of sun.misc.Unsafe
        setUnlessSet("kryo.unsafe", "false");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
