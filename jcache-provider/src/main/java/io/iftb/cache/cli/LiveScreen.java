package io.iftb.cache.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * A terminal that is painted again and again, in place of what it showed, which comes back at the end: also when the process
 * is ended by Ctrl-C.
 */
final class LiveScreen implements AutoCloseable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[2J";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String TOP = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final PrintStream out;
    private final Thread hook = new Thread(this::leave, "iftb-cache-terminal");
    private boolean left;

    private LiveScreen(PrintStream out) {
        this.out = out;
    }

    /** Takes over the terminal behind a stream. */
    static LiveScreen on(PrintStream out) {
        LiveScreen screen = new LiveScreen(out);
        try {
            Runtime.getRuntime().addShutdownHook(screen.hook);
        } catch (IllegalStateException exiting) {
            screen.left = true; // nothing is painted any more
            return screen;
        }
        out.print(ENTER);
        out.flush();
        return screen;
    }

    /** Paints lines, in place of those before. */
    synchronized void paint(List<String> lines) {
        if (left) {
            return;
        }
        StringBuilder all = new StringBuilder(TOP);
        lines.forEach(line -> all.append(line).append(REST_OF_LINE).append("\r\n"));
        out.print(all.append(REST_OF_SCREEN));
        out.flush();
    }

    private synchronized void leave() {
        if (!left) {
            left = true;
            out.print(LEAVE);
            out.flush();
        }
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // the hook finds nothing left to do
        }
    }
}
