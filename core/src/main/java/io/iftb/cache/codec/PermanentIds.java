package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.serializers.OptionalSerializers;
import com.esotericsoftware.kryo.serializers.TimeSerializers;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one list of ids in the bytes: up to 79 here, the others in {@link CollectionIds} and {@link ThrowableIds}. An id
 * never changes its class or its form, and is never used again: bytes of all releases meet in one Redis. Add at the end of
 * a group.
 *
 * <p>Left out on purpose: {@code Class} and {@code URL} (loading and name look-ups while bytes are read),
 * {@code IdentityHashMap} and weak maps (identity does not survive), {@code Pattern}, calendars other than the Gregorian.
 */
@SuppressWarnings("JdkObsolete") // old collections are values as well
final class PermanentIds {

    /**
     * One line of the list.
     *
     * @param id 0 or more; below 126 it takes one byte
     * @param type the class
     * @param serializer how its objects are written
     */
    record Entry(int id, Class<?> type, Serializer<?> serializer) {}

    private static final List<Entry> ENTRIES = new ArrayList<>();

    static {
        primitives();
        market();
        arrays();
        scalars();
        times();
        CollectionIds.addTo(ENTRIES);
        ThrowableIds.addTo(ENTRIES);
    }

    private PermanentIds() {}

    static List<Entry> entries() {
        return Collections.unmodifiableList(ENTRIES);
    }

    private static void add(int id, Class<?> type, Serializer<?> serializer) {
        ENTRIES.add(new Entry(id, type, serializer));
    }

    private static void primitives() {
        add(0, int.class, new DefaultSerializers.IntSerializer());
        add(1, String.class, new LeafSerializer<>(Output::writeString, LeafSerializer::text));
        add(2, float.class, new DefaultSerializers.FloatSerializer());
        add(3, boolean.class, new DefaultSerializers.BooleanSerializer());
        add(4, byte.class, new DefaultSerializers.ByteSerializer());
        add(5, char.class, new DefaultSerializers.CharSerializer());
        add(6, short.class, new DefaultSerializers.ShortSerializer());
        add(7, long.class, new DefaultSerializers.LongSerializer());
        add(8, double.class, new DefaultSerializers.DoubleSerializer());
    }

    private static void market() {
        add(10, OhlcvBar.class, MarketSerializers.BAR);
        add(11, Timeframe.class, MarketSerializers.TIMEFRAME);
        add(12, SeriesKey.class, MarketSerializers.SERIES_KEY);
        add(13, BarKey.class, MarketSerializers.BAR_KEY);
        add(14, Ticker.class, MarketSerializers.TICKER);
        add(15, FundingRate.class, MarketSerializers.FUNDING_RATE);
        add(16, FearGreed.class, MarketSerializers.FEAR_GREED);
        add(17, AnalysisKey.class, MarketSerializers.ANALYSIS_KEY);
        add(18, Analysis.class, MarketSerializers.ANALYSIS);
        add(19, Timeframe.Unit.class, new EnumSerializer());
    }

    private static void arrays() {
        add(20, byte[].class, new PrimitiveArraySerializer<byte[]>(Output::writeBytes, Input::readBytes));
        add(
                21,
                short[].class,
                new PrimitiveArraySerializer<short[]>((o, a) -> o.writeShorts(a, 0, a.length), Input::readShorts));
        add(
                22,
                char[].class,
                new PrimitiveArraySerializer<char[]>((o, a) -> o.writeChars(a, 0, a.length), Input::readChars));
        add(
                23,
                int[].class,
                new PrimitiveArraySerializer<int[]>((o, a) -> o.writeInts(a, 0, a.length), Input::readInts));
        add(
                24,
                long[].class,
                new PrimitiveArraySerializer<long[]>((o, a) -> o.writeLongs(a, 0, a.length), Input::readLongs));
        add(
                25,
                float[].class,
                new PrimitiveArraySerializer<float[]>((o, a) -> o.writeFloats(a, 0, a.length), Input::readFloats));
        add(
                26,
                double[].class,
                new PrimitiveArraySerializer<double[]>((o, a) -> o.writeDoubles(a, 0, a.length), Input::readDoubles));
        add(
                27,
                boolean[].class,
                new PrimitiveArraySerializer<boolean[]>(
                        (o, a) -> o.writeBooleans(a, 0, a.length), Input::readBooleans));
        add(28, String[].class, new ObjectArraySerializer());
        add(29, Object[].class, new ObjectArraySerializer());
    }

    private static void scalars() {
        add(30, BigInteger.class, new DefaultSerializers.BigIntegerSerializer());
        add(31, BigDecimal.class, new DefaultSerializers.BigDecimalSerializer());
        add(32, UUID.class, new DefaultSerializers.UUIDSerializer());
        add(33, Date.class, new DefaultSerializers.DateSerializer());
        add(34, java.sql.Timestamp.class, new DefaultSerializers.TimestampSerializer());
        add(35, java.sql.Date.class, new DefaultSerializers.DateSerializer());
        add(36, java.sql.Time.class, new DefaultSerializers.DateSerializer());
        add(37, Locale.class, JdkSerializers.LOCALE);
        add(38, Currency.class, new DefaultSerializers.CurrencySerializer());
        add(39, URI.class, new UriSerializer());
        add(40, BitSet.class, new DefaultSerializers.BitSetSerializer());
        add(41, StringBuilder.class, new DefaultSerializers.StringBuilderSerializer());
        add(42, StringBuffer.class, new DefaultSerializers.StringBufferSerializer());
        add(43, AtomicBoolean.class, new DefaultSerializers.AtomicBooleanSerializer());
        add(44, AtomicInteger.class, new DefaultSerializers.AtomicIntegerSerializer());
        add(45, AtomicLong.class, new DefaultSerializers.AtomicLongSerializer());
        add(
                46,
                AtomicReference.class,
                WholeSerializer.<AtomicReference<?>>of(
                        1, reference -> new Object[] {reference.get()}, parts -> new AtomicReference<>(parts[0])));
        add(
                47,
                Optional.class,
                WholeSerializer.<Optional<?>>of(
                        1, optional -> new Object[] {optional.orElse(null)}, parts -> Optional.ofNullable(parts[0])));
        add(48, OptionalInt.class, new OptionalSerializers.OptionalIntSerializer());
        add(49, OptionalLong.class, new OptionalSerializers.OptionalLongSerializer());
        add(50, OptionalDouble.class, new OptionalSerializers.OptionalDoubleSerializer());
        add(51, TimeZone.getTimeZone("UTC").getClass(), JdkSerializers.TIME_ZONE);
        add(52, RoundingMode.class, new EnumSerializer());
        add(53, TimeUnit.class, new EnumSerializer());
        add(
                54,
                AbstractMap.SimpleEntry.class,
                WholeSerializer.<Map.Entry<?, ?>>of(
                        2, JdkSerializers::parts, parts -> new AbstractMap.SimpleEntry<>(parts[0], parts[1])));
        add(
                55,
                AbstractMap.SimpleImmutableEntry.class,
                WholeSerializer.<Map.Entry<?, ?>>of(
                        2, JdkSerializers::parts, parts -> new AbstractMap.SimpleImmutableEntry<>(parts[0], parts[1])));
        add(
                56,
                HiddenClasses.ENTRY,
                WholeSerializer.<Map.Entry<?, ?>>of(2, JdkSerializers::parts, parts -> Map.entry(parts[0], parts[1])));
        add(57, Properties.class, JdkStreamSerializer.ofPlatform(Properties.class));
        add(58, Inet4Address.class, new AddressSerializers.OfHost());
        add(59, Inet6Address.class, new AddressSerializers.OfHost());
        add(77, InetSocketAddress.class, new AddressSerializers.OfSocket()); // 60 to 76 are times
    }

    private static void times() {
        add(60, Instant.class, new TimeSerializers.InstantSerializer());
        add(61, Duration.class, new TimeSerializers.DurationSerializer());
        add(62, LocalDate.class, new TimeSerializers.LocalDateSerializer());
        add(63, LocalTime.class, new TimeSerializers.LocalTimeSerializer());
        add(64, LocalDateTime.class, new TimeSerializers.LocalDateTimeSerializer());
        add(65, ZoneOffset.class, new TimeSerializers.ZoneOffsetSerializer());
        add(66, ZoneId.of("Europe/Paris").getClass(), new TimeSerializers.ZoneIdSerializer());
        add(67, OffsetTime.class, new TimeSerializers.OffsetTimeSerializer());
        add(68, OffsetDateTime.class, new TimeSerializers.OffsetDateTimeSerializer());
        add(69, ZonedDateTime.class, JdkSerializers.ZONED_DATE_TIME);
        add(70, Year.class, new TimeSerializers.YearSerializer());
        add(71, YearMonth.class, new TimeSerializers.YearMonthSerializer());
        add(72, MonthDay.class, new TimeSerializers.MonthDaySerializer());
        add(73, Period.class, new TimeSerializers.PeriodSerializer());
        add(74, DayOfWeek.class, new EnumSerializer());
        add(75, Month.class, new EnumSerializer());
        add(76, ChronoUnit.class, new EnumSerializer());
        add(78, GregorianCalendar.class, JdkSerializers.CALENDAR);
    }
}
