package io.iftb.cache.codec;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Serializers of JDK classes for which those of Kryo lose something or trust a length. */
final class JdkSerializers {

    /** Kryo's own loses which of the two hours it is when clocks are set back. */
    static final LeafSerializer<ZonedDateTime> ZONED_DATE_TIME = new LeafSerializer<>(
            (output, time) -> {
                output.writeLong(time.toEpochSecond());
                output.writeVarInt(time.getNano(), true);
                output.writeVarInt(time.getOffset().getTotalSeconds(), false);
                output.writeString(time.getZone().getId());
            },
            input -> {
                Instant instant = Instant.ofEpochSecond(input.readLong(), input.readVarInt(true));
                ZoneOffset offset = ZoneOffset.ofTotalSeconds(input.readVarInt(false));
                ZoneId zone = ZoneId.of(LeafSerializer.text(input));
                return ZonedDateTime.ofInstant(LocalDateTime.ofInstant(instant, offset), offset, zone);
            });

    /** Kryo's own loses script and extensions. */
    static final LeafSerializer<Locale> LOCALE = new LeafSerializer<>(
            (output, locale) -> {
                boolean plain =
                        locale.equals(plainLocale(locale.getLanguage(), locale.getCountry(), locale.getVariant()));
                output.writeBoolean(plain);
                if (plain) {
                    output.writeString(locale.getLanguage());
                    output.writeString(locale.getCountry());
                    output.writeString(locale.getVariant());
                } else {
                    output.writeString(locale.toLanguageTag());
                }
            },
            input -> input.readBoolean()
                    ? plainLocale(LeafSerializer.text(input), LeafSerializer.text(input), LeafSerializer.text(input))
                    : new Locale.Builder()
                            .setLanguageTag(LeafSerializer.text(input))
                            .build());

    /** Kryo's own reads an unknown zone as GMT. */
    static final LeafSerializer<TimeZone> TIME_ZONE = new LeafSerializer<>(
            (output, zone) -> {
                if (!timeZone(zone.getID()).hasSameRules(zone)) {
                    throw new IllegalArgumentException("time zone " + zone.getID()
                            + " has rules of its own, which cannot be stored; store its id or a ZoneId");
                }
                output.writeString(zone.getID());
            },
            input -> timeZone(LeafSerializer.text(input)));

    /**
     * By the parts that {@code equals} compares. The JDK's own form holds computed fields as well, which differ between equal
     * calendars, and its {@code readObject} takes any fields.
     */
    static final WholeSerializer<GregorianCalendar> CALENDAR =
            WholeSerializer.of(6, JdkSerializers::parts, JdkSerializers::calendar);

    private JdkSerializers() {}

    @SuppressWarnings("JavaUtilDate") // the calendar has no other
    private static Object[] parts(GregorianCalendar calendar) {
        // A copy, since asking for the time changes what a later set of a field means.
        Calendar copy = (Calendar) calendar.clone();
        return new Object[] {
            copy.getTimeInMillis(),
            copy.getTimeZone(),
            copy.isLenient(),
            copy.getFirstDayOfWeek(),
            copy.getMinimalDaysInFirstWeek(),
            calendar.getGregorianChange().getTime()
        };
    }

    @SuppressWarnings("JavaUtilDate") // the calendar takes no other
    private static GregorianCalendar calendar(Object[] parts) {
        GregorianCalendar calendar = new GregorianCalendar((TimeZone) parts[1], Locale.ROOT);
        calendar.setGregorianChange(new Date((Long) parts[5]));
        calendar.setLenient((Boolean) parts[2]);
        calendar.setFirstDayOfWeek((Integer) parts[3]);
        calendar.setMinimalDaysInFirstWeek((Integer) parts[4]);
        calendar.setTimeInMillis((Long) parts[0]);
        return calendar;
    }

    @SuppressWarnings("deprecation") // since JDK 19; Locale.of is not in 17
    private static Locale plainLocale(String language, String country, String variant) {
        return new Locale(language, country, variant);
    }

    private static TimeZone timeZone(String id) {
        TimeZone zone = TimeZone.getTimeZone(id);
        if (!zone.getID().equals(id)) {
            throw new CorruptValueException("time zone " + id + " is unknown in this JVM");
        }
        return zone;
    }

    /** {@code List.of}, or what {@code Stream.toList} gives if there is a null. */
    static Collection<Object> immutableList(Collection<Object> elements) {
        return elements.contains(null) ? Stream.of(elements.toArray()).toList() : List.of(elements.toArray());
    }

    static Collection<Object> immutableSet(Collection<Object> elements) {
        return Set.of(elements.toArray());
    }

    static Collection<Object> asList(Collection<Object> elements) {
        return Arrays.asList(elements.toArray());
    }

    static Collection<Object> singletonList(Collection<Object> elements) {
        return Collections.singletonList(only(elements));
    }

    static Collection<Object> singleton(Collection<Object> elements) {
        return Collections.singleton(only(elements));
    }

    static Map<Object, Object> singletonMap(Map<Object, Object> entries) {
        Map.Entry<Object, Object> entry = only(entries.entrySet());
        return Collections.singletonMap(entry.getKey(), entry.getValue());
    }

    private static <T> T only(Collection<T> elements) {
        Iterator<T> iterator = elements.iterator();
        T first = iterator.next();
        if (iterator.hasNext()) {
            throw new CorruptValueException("a singleton collection has " + elements.size() + " elements");
        }
        return first;
    }

    static Object[] parts(Map.Entry<?, ?> entry) {
        return new Object[] {entry.getKey(), entry.getValue()};
    }

    static @Nullable Comparator<? super Object> orderOfSet(Collection<Object> set) {
        return ((SortedSet<Object>) set).comparator();
    }

    static @Nullable Comparator<? super Object> orderOfQueue(Collection<Object> queue) {
        return ((PriorityQueue<Object>) queue).comparator();
    }

    static @Nullable Comparator<? super Object> orderOfMap(Map<Object, Object> map) {
        return ((SortedMap<Object, Object>) map).comparator();
    }
}
