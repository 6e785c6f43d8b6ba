package io.iftb.cache.near;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Set;

/**
 * Which values can be given to several readers: those that nobody can change. Of any other value each reader gets its own
 * copy, as JSR-107 asks for caches that store by value.
 */
public final class SharedValues {

    /** Beside those that are keys as they are. */
    private static final Set<Class<?>> VALUES = Set.of(
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            URI.class,
            Instant.class,
            Duration.class,
            Period.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            Month.class,
            DayOfWeek.class);

    private static final ClassValue<Boolean> SHARED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return DirectKeys.isDirect(type) || VALUES.contains(type) || isPlainRecord(type, new HashSet<>());
        }
    };

    private SharedValues() {}

    /** Whether nobody can change a value. */
    public static boolean isImmutable(Object value) {
        return SHARED.get(value.getClass());
    }

    /** @param within the records that it is a component of: one that refers to its own type is none */
    private static boolean isPlainRecord(Class<?> type, Set<Class<?>> within) {
        if (!type.isRecord() || !within.add(type)) {
            return false;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> of = component.getType();
            boolean plain = of.isPrimitive()
                    || DirectKeys.isDirect(of)
                    // a subclass of a number could be there
                    || (VALUES.contains(of) && of != BigInteger.class && of != BigDecimal.class)
                    || isPlainRecord(of, within);
            if (!plain) {
                return false;
            }
        }
        within.remove(type);
        return true;
    }
}
