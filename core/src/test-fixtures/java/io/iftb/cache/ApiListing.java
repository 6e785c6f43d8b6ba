package io.iftb.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What programs may use of some packages and classes, as text: each public class, and below it what is public or protected in it. */
public final class ApiListing {

    private ApiListing() {}

    /**
     * The text, sorted, with a line for each class and each member.
     *
     * @param anyClass a class of the module
     * @param listed names of packages, without those below them, and of single classes
     */
    public static String of(Class<?> anyClass, Set<String> listed) {
        StringBuilder text = new StringBuilder();
        for (String name : names(anyClass)) {
            Class<?> type = load(name, anyClass.getClassLoader());
            if ((listed.contains(type.getPackageName()) || listed.contains(name)) && isVisible(type)) {
                text.append(heading(type)).append('\n');
                members(type)
                        .forEach(member -> text.append("    ").append(member).append('\n'));
            }
        }
        return text.toString();
    }

    private static Set<String> names(Class<?> anyClass) {
        Path folder;
        try {
            folder = Path.of(
                    anyClass.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        try (Stream<Path> files = Files.walk(folder.resolve("io").resolve("iftb"))) {
            return files.map(file ->
                            folder.relativize(file).toString().replace('/', '.').replace('\\', '.'))
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return isVisible(type.getModifiers()) && !type.isSynthetic() && (outer == null || isVisible(outer));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String heading(Class<?> type) {
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : type.isInterface() ? "interface" : "class";
        List<Class<?>> above = Stream.concat(
                        Stream.ofNullable(type.getSuperclass())
                                .filter(parent ->
                                        parent != Object.class && parent != Enum.class && parent != Record.class),
                        Arrays.stream(type.getInterfaces()))
                .toList();
        String suffix = above.isEmpty()
                ? ""
                : " : " + above.stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
        return (Modifier.isFinal(type.getModifiers()) || type.isInterface() ? "" : "open ") + kind + " "
                + type.getName() + suffix;
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        boolean isOpen = !Modifier.isFinal(type.getModifiers());
        for (Field field : type.getDeclaredFields()) {
            if (isMember(field, isOpen)) {
                members.add(field.getType().getSimpleName() + " " + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isMember(constructor, isOpen)) {
                members.add("new" + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isMember(method, isOpen) && !isOfEveryRecordOrEnum(type, method)) {
                members.add((Modifier.isStatic(method.getModifiers()) ? "static " : "")
                        + method.getReturnType().getSimpleName() + " " + method.getName() + parameters(method));
            }
        }
        return members;
    }

    private static boolean isMember(Member member, boolean isOpen) {
        return !member.isSynthetic()
                && (Modifier.isPublic(member.getModifiers())
                        || (isOpen && Modifier.isProtected(member.getModifiers())));
    }

    private static boolean isOfEveryRecordOrEnum(Class<?> type, Method method) {
        Set<String> names = type.isEnum() ? Set.of("values", "valueOf") : Set.of("equals", "hashCode", "toString");
        return (type.isEnum() || type.isRecord()) && names.contains(method.getName());
    }

    private static String parameters(Executable executable) {
        return Arrays.stream(executable.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
