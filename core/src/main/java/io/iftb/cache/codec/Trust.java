package io.iftb.cache.codec;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The classes of an application that may be stored and read.
 *
 * <p>A class is <em>listed</em> if you name it, as a class, by its name or by a pattern, and then so is what it declares:
 * the types of its fields with their type arguments and array components, its superclasses, and the permitted subclasses
 * of a sealed type, and so on. This never leads through {@code Object} or an interface that is not sealed,
 * nor into the JDK. If given classes are trusted too, so is each class, and nothing that it declares, of which the program has
 * given an object to the cache ({@link GivenClasses}).
 */
final class Trust {

    /** The setting that names trusted classes and packages. */
    static final String SETTING = "iftb.cache.trusted";

    private @Nullable GivenClasses givenClasses;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final List<String> prefixes = new CopyOnWriteArrayList<>();
    private final Set<Class<?>> walked = Collections.newSetFromMap(new WeakHashMap<>());

    /** The classes that were configured, with what they declare, by their names. */
    private final Map<String, Class<?>> configured = new ConcurrentHashMap<>();

    /** Trusts every class of which the program gives an object, from then on. */
    void trustGiven(GivenClasses classes) {
        givenClasses = classes;
    }

    /** @param pattern a class, or a package with what is below it as {@code com.acme.*} */
    void add(String pattern) {
        String text = pattern.strip();
        if (text.endsWith(".*") && text.length() > 2) {
            prefixes.add(text.substring(0, text.length() - 1));
        } else if (text.isEmpty() || text.indexOf('*') >= 0) {
            throw new IllegalArgumentException(SETTING + " holds '" + pattern
                    + "'; write a class, such as com.acme.Order, or a package, such as com.acme.*");
        } else {
            names.add(text);
        }
    }

    /** Trusts a configured class and what it declares. Their names mean these classes, not those that a loader finds. */
    synchronized void configure(Class<?> type) {
        Set<Class<?>> before = Set.copyOf(walked);
        add(type);
        for (Class<?> each : walked) {
            if (!before.contains(each)) {
                configured.putIfAbsent(each.getName(), each);
            }
        }
    }

    /** The class of a name that was configured, or is declared by one that was; null if there is none. */
    @Nullable
    Class<?> configured(String className) {
        return configured.get(className);
    }

    /** Trusts a type and what it declares. */
    synchronized void add(Type type) {
        Deque<Type> open = new ArrayDeque<>();
        Set<Type> seen = new HashSet<>();
        open.add(type);
        while (!open.isEmpty()) {
            Type next = open.remove();
            if (seen.add(next)) {
                walk(next, open);
            }
        }
    }

    /** The classes that were trusted as types, and those that they declare. */
    synchronized Set<Class<?>> walked() {
        return Set.copyOf(walked);
    }

    /** Whether an object of a class may be stored. */
    boolean mayGive(Class<?> type) {
        return givenClasses != null || isListed(type.getName()) || PlatformEnums.holds(type);
    }

    /** Trusts a class because the program gives an object of it, if given classes are trusted. */
    void give(Class<?> type) {
        if (givenClasses != null && !givenClasses.holds(type)) {
            givenClasses.add(type);
        }
    }

    /** The class of a name that the program has given; null if there is none. */
    @Nullable
    Class<?> given(String className) {
        return givenClasses == null ? null : givenClasses.named(className);
    }

    /** Whether a class is configured, declared by one that is, or named by a setting. */
    boolean isListed(String className) {
        if (names.contains(className)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The class of a name that was trusted as a class, or is declared by one: it may come from a loader that the codec's own
     * does not know. Null if there is none.
     */
    synchronized @Nullable Class<?> walked(String className) {
        for (Class<?> type : walked) {
            if (type.getName().equals(className)) {
                return type;
            }
        }
        return null;
    }

    private void walk(Type type, Deque<Type> open) {
        if (type instanceof Class<?> plain) {
            walkClass(plain, open);
        } else if (type instanceof ParameterizedType parameterized) {
            open.add(parameterized.getRawType());
            Collections.addAll(open, parameterized.getActualTypeArguments());
        } else if (type instanceof GenericArrayType array) {
            open.add(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            Collections.addAll(open, wildcard.getUpperBounds());
            Collections.addAll(open, wildcard.getLowerBounds());
        } else if (type instanceof TypeVariable<?> variable) {
            Collections.addAll(open, variable.getBounds());
        }
    }

    private void walkClass(Class<?> type, Deque<Type> open) {
        if (type.isArray()) {
            open.add(type.getComponentType());
            return;
        }
        boolean endsHere = type.isPrimitive() || isOfPlatform(type) || (type.isInterface() && !type.isSealed());
        if (endsHere || !walked.add(type)) {
            return;
        }
        names.add(type.getName());
        try {
            if (type.isSealed()) {
                Collections.addAll(open, type.getPermittedSubclasses());
            }
            if (type.getGenericSuperclass() != null) {
                open.add(type.getGenericSuperclass());
            }
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                    open.add(field.getGenericType());
                }
            }
        } catch (LinkageError | TypeNotPresentException e) {
            // A class that a member names is absent, so no object can hold one.
        }
    }

    /** Whether a class belongs to the JDK. */
    static boolean isOfPlatform(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    static UntrustedClassException untrusted(String className) {
        return new UntrustedClassException(refusal(className));
    }

    /** Why an object of a class cannot be read, and what to do. */
    String unreadable(String className) {
        return givenClasses == null
                ? refusal(className)
                : "class " + className
                        + " may not be read here until this program has stored an object of it in the same"
                        + " cache; to read it before, configure the types of the cache, or add the class or its package to "
                        + SETTING;
    }

    private static String refusal(String className) {
        return "class " + className + " may not be stored or read: it is neither a configured key or value type nor"
                + " declared by one; add it or its package to " + SETTING;
    }
}
