package io.iftb.cache.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serializes the keys of Hibernate's regions by what they identify. Their hash is a field too, and is left out: it differs
 * between JVMs when an id or a parameter of a query holds an enum. Hibernate never takes a key from a cache, so the hash of one
 * that is read need not be Hibernate's.
 */
final class HibernateKeySerializer extends WholeSerializer<Object> {

    /** The class of a key, and the fields that its constructor takes before the hash. */
    private static final Map<String, List<String>> PARTS = Map.of(
            "org.hibernate.cache.internal.BasicCacheKeyImplementation", List.of("id", "entityOrRoleName"),
            "org.hibernate.cache.internal.CacheKeyImplementation", List.of("id", "entityOrRoleName", "tenantId"),
            "org.hibernate.cache.internal.NaturalIdCacheKey", List.of("naturalIdValues", "entityName", "tenantId"),
            "org.hibernate.query.internal.QueryParameterBindingsImpl$ParameterBindingsMementoImpl", List.of("values"));

    /** What Hibernate stores: data without code of its own. */
    private static final List<String> STORED = List.of(
            "org.hibernate.cache.internal.QueryResultsCacheImpl$CacheItem",
            "org.hibernate.cache.spi.entry.CollectionCacheEntry",
            "org.hibernate.cache.spi.entry.StandardCacheEntryImpl",
            "org.hibernate.cache.spi.support.AbstractReadWriteAccess$Item",
            "org.hibernate.cache.spi.support.AbstractReadWriteAccess$SoftLockImpl");

    private final List<Field> fields;
    private final Constructor<?> constructor;

    private HibernateKeySerializer(List<Field> fields, Constructor<?> constructor) {
        this.fields = fields;
        this.constructor = constructor;
        fields.forEach(field -> field.setAccessible(true));
        constructor.setAccessible(true);
    }

    /** The serializer of a class; null if it is no key of Hibernate, or of a version with other fields. */
    static @Nullable HibernateKeySerializer of(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        List<Class<?>> parameters = new ArrayList<>();
        try {
            for (String part : PARTS.getOrDefault(type.getName(), List.of())) {
                fields.add(type.getDeclaredField(part));
                parameters.add(type.getDeclaredField(part).getType());
            }
            parameters.add(int.class);
            return fields.isEmpty()
                    ? null
                    : new HibernateKeySerializer(
                            fields, type.getDeclaredConstructor(parameters.toArray(new Class<?>[0])));
        } catch (NoSuchFieldException | NoSuchMethodException e) {
            return null;
        }
    }

    /** Trusts the classes that Hibernate stores in any cache. */
    static void trustAll(Trust trust) {
        STORED.forEach(trust::add);
    }

    @Override
    void writeParts(GraphKryo kryo, GraphOutput output, Object key) {
        try {
            for (Field field : fields) {
                kryo.writeClassAndObject(output, field.get(key));
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    Object readParts(GraphKryo kryo, BoundedInput input, Class<?> type) {
        @Nullable Object[] parts = new Object[fields.size() + 1];
        for (int i = 0; i < fields.size(); i++) {
            parts[i] = kryo.fit(fields.get(i).getGenericType(), kryo.readClassAndObject(input));
        }
        parts[fields.size()] = Arrays.deepHashCode(parts);
        return Construction.call(() -> constructor.newInstance(parts));
    }
}
