package io.iftb.cache.codec;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a class and its superclasses that are stored: neither static nor transient, sorted by name. A field that a
 * subclass hides goes by {@code Superclass.name}.
 */
final class Members {

    private record Member(String name, Field field) {}

    private final List<Member> members;
    private final List<String> names;

    private Members(List<Member> members) {
        this.members = members;
        this.names = members.stream().map(Member::name).toList();
    }

    /** @throws UntrustedClassException if a field is out of reach, or in the JDK */
    static Members of(Class<?> type) {
        return below(Object.class, type);
    }

    /**
     * The fields of a class and its superclasses up to {@code top}, whose own are left out.
     *
     * @throws UntrustedClassException if a field is out of reach, or in the JDK
     */
    static Members below(Class<?> top, Class<?> type) {
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Class<?> next = type; next != top; next = next.getSuperclass()) {
            for (Field field : next.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || Modifier.isTransient(field.getModifiers())) {
                    continue;
                }
                requireReachable(type, field);
                String name = names.add(field.getName()) ? field.getName() : next.getName() + "." + field.getName();
                members.add(new Member(name, field));
            }
        }
        members.sort(Comparator.comparing(Member::name));
        return new Members(members);
    }

    private static void requireReachable(Class<?> type, Field field) {
        if (field.isSynthetic()) {
            throw new UntrustedClassException("class " + type.getName()
                    + " is an inner class that holds its outer object; make it static to store it");
        }
        if (Trust.isOfPlatform(field.getDeclaringClass())) {
            throw new UntrustedClassException("class " + type.getName() + " keeps state in "
                    + field.getDeclaringClass().getName()
                    + ", which is closed; store its contents in a record or a collection");
        }
        field.setAccessible(true);
    }

    List<String> names() {
        return names;
    }

    Field field(int member) {
        return members.get(member).field();
    }

    /** Writes the members of an object, each with its class. */
    void write(GraphKryo kryo, GraphOutput output, Object object) {
        for (Member member : members) {
            try {
                kryo.writeClassAndObject(output, member.field().get(object));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Reads members and hands them on; those that the class does not have here are dropped. */
    void read(GraphKryo kryo, BoundedInput input, Shape shape, Target target) {
        for (int i = 0; i < shape.size(); i++) {
            Object value = kryo.readClassAndObject(input);
            if (shape.isKnown(i)) {
                int member = shape.member(i);
                target.set(member, kryo.fit(field(member).getGenericType(), value));
            }
        }
    }

    void set(Object object, int member, @Nullable Object value) {
        try {
            field(member).set(object, value);
        } catch (IllegalAccessException e) {
            throw new CorruptValueException("field " + field(member) + " cannot be set", e);
        }
    }

    /** Takes the values of members. */
    interface Target {
        void set(int member, @Nullable Object value);
    }
}
