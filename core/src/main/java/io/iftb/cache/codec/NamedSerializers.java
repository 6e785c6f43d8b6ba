package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Serializer;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;

/**
 * Serializers of the classes that are stored by their name. A class is loaded only if it is trusted, and is not
 * initialized by that.
 */
final class NamedSerializers {

    private static final int MAX_ARRAY_DIMENSIONS = 8;

    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "Z", boolean.class,
            "B", byte.class,
            "C", char.class,
            "S", short.class,
            "I", int.class,
            "J", long.class,
            "F", float.class,
            "D", double.class);

    private final Trust trust;
    private final ClassLoader loader;
    private final ClassValue<Serializer<?>> serializers = new ClassValue<>() {
        @Override
        protected Serializer<?> computeValue(Class<?> type) {
            try {
                return newSerializer(type);
            } catch (InaccessibleObjectException e) {
                throw new UntrustedClassException("class " + type.getName()
                        + " is in a module that does not open its package; open it to module "
                        + NamedSerializers.class.getModule() + " (opens, or --add-opens): " + e.getMessage());
            }
        }
    };

    NamedSerializers(Trust trust, ClassLoader loader) {
        this.trust = trust;
        this.loader = loader;
    }

    /**
     * The class under whose name objects of a class are stored: for a constant with a body its enum, for an anonymous
     * collection the collection.
     */
    static Class<?> storedClass(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        return parent != null && parent.isEnum() ? parent : AnonymousCollections.storedAs(type);
    }

    /**
     * The class of a name in the bytes, not initialized.
     *
     * @throws CorruptValueException if it is not trusted or not there
     */
    Class<?> resolve(String name) {
        Class<?> given = name.startsWith("[") ? trust.given(name) : null;
        if (given != null) {
            return given;
        }
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions > MAX_ARRAY_DIMENSIONS) {
            throw new CorruptValueException("an array has " + dimensions + " dimensions");
        }
        Class<?> type = dimensions == 0 ? load(name) : loadComponent(name.substring(dimensions));
        for (int i = 0; i < dimensions; i++) {
            type = type.arrayType();
        }
        return type;
    }

    private Class<?> loadComponent(String descriptor) {
        Class<?> primitive = PRIMITIVES.get(descriptor);
        if (primitive != null) {
            return primitive;
        }
        if (!descriptor.startsWith("L") || !descriptor.endsWith(";")) {
            throw new CorruptValueException("'" + descriptor + "' is not a component of an array");
        }
        String name = descriptor.substring(1, descriptor.length() - 1);
        Class<?> known = KnownClasses.component(name);
        return known != null ? known : load(name);
    }

    private Class<?> load(String name) {
        Class<?> given = trust.given(name);
        if (!trust.isListed(name)) {
            Class<?> type = given != null ? given : PlatformEnums.find(name);
            if (type == null) {
                throw new UntrustedValueException(trust.unreadable(name));
            }
            return type;
        }
        Class<?> configured = trust.configured(name);
        if (configured != null) {
            return configured;
        }
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            Class<?> known = given != null ? given : trust.walked(name);
            if (known != null) {
                return known;
            }
            throw new CorruptValueException(
                    "class " + name + " (trusted by " + Trust.SETTING + " or a configured type) is not found", e);
        }
    }

    /**
     * The serializer of the class of an object that the program gives. From now on the class is trusted.
     *
     * @throws UntrustedClassException if objects of the class may not or cannot be stored
     */
    Serializer<?> admit(Class<?> type) {
        if (!type.isArray() && !trust.mayGive(type)) {
            requireNamed(type);
            throw Trust.untrusted(type.getName());
        }
        Serializer<?> serializer = serializers.get(type);
        trust.give(type);
        return serializer;
    }

    /** Whether a class is trusted only because the program gave an object of it. */
    boolean isOnlyGiven(Class<?> type) {
        return !trust.isListed(type.getName());
    }

    /**
     * Trusts the class of the object that stands for another one in its bytes ({@code writeReplace}).
     *
     * @param hierarchy the class of the object that is replaced, and its superclasses
     */
    void giveReplacement(Class<?> type, Collection<Class<?>> hierarchy) {
        requireNamed(type);
        if (!isOfNest(type, hierarchy) && !isKnown(type) && !trust.mayGive(type)) {
            throw Trust.untrusted(type.getName());
        }
        trust.give(type);
    }

    /**
     * The class of the object that stands for another one in its bytes: declared within its class or a superclass, or trusted.
     *
     * @throws CorruptValueException if it is neither
     */
    Class<?> resolveReplacement(String name, Collection<Class<?>> hierarchy) {
        for (Class<?> next : hierarchy) {
            Class<?> host = next.getNestHost();
            if (!Trust.isOfPlatform(host) && name.startsWith(host.getName() + "$")) {
                try {
                    Class<?> type = Class.forName(name, false, host.getClassLoader());
                    if (type.getNestHost() == host) {
                        return type;
                    }
                } catch (ClassNotFoundException | LinkageError e) {
                    throw new CorruptValueException("class " + name + " is not found", e);
                }
            }
        }
        Class<?> known = KnownClasses.component(name);
        return known != null ? known : resolve(name);
    }

    private static boolean isOfNest(Class<?> type, Collection<Class<?>> hierarchy) {
        return hierarchy.stream().anyMatch(next -> next.getNestHost() == type.getNestHost());
    }

    private static boolean isKnown(Class<?> type) {
        return KnownClasses.component(type.getName()) == type;
    }

    /**
     * The serializer of a class that is trusted.
     *
     * @throws UntrustedClassException if objects of the class cannot be stored
     */
    Serializer<?> serializerOf(Class<?> type) {
        return serializers.get(type);
    }

    private Serializer<?> newSerializer(Class<?> type) {
        if (type.isArray()) {
            requireComponent(type);
            return new ObjectArraySerializer();
        }
        requireNamed(type);
        if (trust.isListed(type.getName())) {
            trust.add(type);
        }
        if (type.isEnum()) {
            return new EnumSerializer();
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new UntrustedClassException(
                    type.getName() + " is abstract, so an object of exactly that class cannot exist");
        }
        if (Throwable.class.isAssignableFrom(type)) {
            return new ThrowableSerializer(type.asSubclass(Throwable.class));
        }
        if (Trust.isOfPlatform(type)) {
            throw new UntrustedClassException("class " + type.getName()
                    + " of the JDK is closed, so its objects cannot be stored; store their contents in a record or a"
                    + " collection");
        }
        if (FrameworkKeySerializer.handles(type)) {
            return new FrameworkKeySerializer(type);
        }
        if (type.isRecord()) {
            return new RecordSerializer(type);
        }
        HibernateKeySerializer hibernateKey = HibernateKeySerializer.of(type);
        if (hibernateKey != null) {
            return hibernateKey;
        }
        return JdkStreamSerializer.isNeededFor(type) ? new JdkStreamSerializer(type, this) : new ObjectSerializer(type);
    }

    private void requireComponent(Class<?> array) {
        Class<?> component = array;
        while (component.isArray()) {
            component = component.getComponentType();
        }
        boolean known = component.isPrimitive() || KnownClasses.component(component.getName()) != null;
        if (!known && !trust.mayGive(component)) {
            throw Trust.untrusted(component.getName());
        }
    }

    private static void requireNamed(Class<?> type) {
        if (type.isHidden() || type.isSynthetic()) {
            throw new UntrustedClassException("class " + type.getName()
                    + " is a lambda or generated, and unknown to other JVMs; store a record or a named class, and trust it in "
                    + Trust.SETTING);
        }
        if (Proxy.isProxyClass(type)) {
            throw new UntrustedClassException("class " + type.getName()
                    + " is a proxy; store the object behind it, and trust its class in " + Trust.SETTING);
        }
    }
}
