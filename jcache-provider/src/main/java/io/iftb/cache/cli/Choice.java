package io.iftb.cache.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** The words that an option or a parameter takes: the texts of an enum, in upper or lower case. */
final class Choice {

    private Choice() {}

    /**
     * The constant of a word.
     *
     * @param what it is, such as {@code format}
     * @throws TypeConversionException if there is none; the message names those that there are
     */
    static <E extends Enum<E>> E parse(Class<E> type, String what, String text) {
        return parse(type, what, text, "is not known", "");
    }

    /**
     * The same, with other words in the message.
     *
     * @param wrong what is wrong with any other word
     * @param remedy what else can be done
     */
    static <E extends Enum<E>> E parse(Class<E> type, String what, String text, String wrong, String remedy) {
        E[] all = type.getEnumConstants();
        return Arrays.stream(all)
                .filter(each -> each.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(what + " '" + text + "' " + wrong + "; write one of "
                        + Arrays.stream(all).map(Enum::toString).collect(Collectors.joining(", ")) + remedy));
    }
}
