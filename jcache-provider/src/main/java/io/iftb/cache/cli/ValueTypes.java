package io.iftb.cache.cli;

import java.util.Objects;

/** The classes of values on the command line. */
final class ValueTypes {

    private ValueTypes() {}

    /** Loads them: the class path of this program. */
    static ClassLoader loader() {
        return Objects.requireNonNull(ValueTypes.class.getClassLoader());
    }

    /**
     * A class by its name; a name without a package is one of {@code java.lang}.
     *
     * @throws CommandFailure if it is not on the class path
     */
    static Class<?> named(String name) {
        try {
            return Class.forName(name.indexOf('.') < 0 ? "java.lang." + name : name, false, loader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw CommandFailure.wrongUsage(
                    "class '" + Printable.text(name) + "' is not on the class path; add its jar:"
                            + " java -cp iftb-cache.jar:yours.jar " + Main.class.getName() + " get …");
        }
    }
}
