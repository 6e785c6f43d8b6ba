package io.iftb.cache.codec;

import io.iftb.cache.codec.PermanentIds.Entry;
import java.util.ConcurrentModificationException;
import java.util.InputMismatchException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** The permanent ids of exceptions: 130 and above. */
final class ThrowableIds {

    private static final int FIRST = 130;

    /** Their ids follow one another, so add at the end only. */
    private static final List<Class<? extends Throwable>> TYPES = List.of(
            UnstoredThrowable.class,
            Throwable.class,
            Exception.class,
            RuntimeException.class,
            Error.class,
            AssertionError.class,
            ArithmeticException.class,
            ArrayIndexOutOfBoundsException.class,
            ArrayStoreException.class,
            ClassCastException.class,
            IllegalArgumentException.class,
            IllegalStateException.class,
            IndexOutOfBoundsException.class,
            NegativeArraySizeException.class,
            NullPointerException.class,
            NumberFormatException.class,
            SecurityException.class,
            StringIndexOutOfBoundsException.class,
            UnsupportedOperationException.class,
            CloneNotSupportedException.class,
            InterruptedException.class,
            ConcurrentModificationException.class,
            NoSuchElementException.class,
            InputMismatchException.class,
            CancellationException.class,
            CompletionException.class,
            ExecutionException.class,
            RejectedExecutionException.class,
            TimeoutException.class,
            java.io.IOException.class,
            java.io.EOFException.class,
            java.io.FileNotFoundException.class,
            java.net.ConnectException.class,
            java.net.NoRouteToHostException.class,
            java.net.SocketException.class,
            java.net.UnknownHostException.class,
            java.time.DateTimeException.class,
            java.util.zip.DataFormatException.class,
            java.sql.SQLException.class,
            java.text.ParseException.class,
            java.time.format.DateTimeParseException.class,
            java.lang.reflect.InvocationTargetException.class,
            java.nio.file.FileSystemException.class,
            java.net.URISyntaxException.class,
            java.io.UncheckedIOException.class);

    private ThrowableIds() {}

    static void addTo(List<Entry> list) {
        for (int i = 0; i < TYPES.size(); i++) {
            list.add(new Entry(FIRST + i, TYPES.get(i), new ThrowableSerializer(TYPES.get(i))));
        }
    }
}
