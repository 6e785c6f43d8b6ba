package io.iftb.cache.codec;

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/** One object or more of every class with a permanent id, the same in every run. */
@SuppressWarnings({"JdkObsolete", "JavaUtilDate", "UnnecessaryStringBuilder"})
final class Samples {

    /** The exceptions, by class, are made by {@link ThrowableSerializerTest}. */
    static final int FIRST_EXCEPTION_ID = 130;

    private Samples() {}

    /** A copy by way of the bytes. */
    @SuppressWarnings("unchecked")
    static <T> T copy(KryoCodec codec, T object) {
        return (T) codec.decode(codec.encode(object));
    }

    static List<Object> all() {
        List<Object> all = new ArrayList<>();
        all.addAll(market());
        all.addAll(scalars());
        all.addAll(times());
        all.addAll(collections());
        all.addAll(hiddenCollections());
        return all;
    }

    /** Each as the one argument of a test, arrays too. */
    static List<Arguments> asArguments(List<Object> samples) {
        return samples.stream()
                .map(sample -> Arguments.of(new Object[] {sample}))
                .toList();
    }

    static List<Object> market() {
        Timeframe hour = Timeframe.parse("1h");
        return List.of(
                new OhlcvBar(1_700_000_000_000L, 1, 3, 0.5, 2, 10.25),
                hour,
                new SeriesKey("BTCUSDT", hour),
                new BarKey("BTC/USDT:USDT", hour, -1),
                new Ticker(1, 2, 1.5, 100, 3, 0.5, -2.5, 1_700_000_000_000L),
                new FundingRate(0.0001, 1_700_000_000_000L),
                new FearGreed(42, "Fear", 1_700_000_000_000L),
                new AnalysisKey("sentiment", "ab12"),
                new Analysis("{\"score\": 0.5, \"text\": \"\u00e4\u20ac\ud83d\ude80\"}"),
                Timeframe.Unit.WEEK);
    }

    static List<Object> scalars() {
        return List.of(
                7,
                "text",
                "",
                "\u00e4\u20ac\ud83d\ude80",
                "lone \ud800 surrogate",
                1.5f,
                true,
                (byte) -3,
                'x',
                (short) 300,
                1L << 40,
                -0.0d,
                new byte[] {1, -2},
                new short[] {1, -2},
                new char[] {'a', '\ud800'},
                new int[] {1, -2},
                new long[] {1, -2},
                new float[] {1.5f},
                new double[] {-0.0, Double.NaN},
                new boolean[] {true, false},
                new String[] {"a", null},
                new Object[] {1, "a", null, new int[] {3}},
                new BigInteger("-123456789012345678901234567890"),
                new BigDecimal("-12345678901234567890.1234567890"),
                new BigDecimal("1E+10"),
                UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
                new Date(1_700_000_000_000L),
                java.sql.Timestamp.from(Instant.ofEpochSecond(1_700_000_000L, 123_456_789)),
                new java.sql.Date(1_700_000_000_000L),
                new java.sql.Time(1_700_000_000_000L),
                Locale.GERMANY,
                Locale.forLanguageTag("zh-Hant-TW-u-ca-roc"),
                Locale.forLanguageTag("ja-JP-u-ca-japanese-x-lvariant-JP"),
                Locale.ROOT,
                Currency.getInstance("EUR"),
                URI.create("redis://127.0.0.1:6379/0?a=b#c"),
                BitSet.valueOf(new long[] {5, 1L << 63}),
                new StringBuilder("builder"),
                new StringBuffer("buffer"),
                new AtomicBoolean(true),
                new AtomicInteger(5),
                new AtomicLong(1L << 40),
                new AtomicReference<>("held"),
                Optional.of("present"),
                Optional.empty(),
                OptionalInt.of(3),
                OptionalLong.empty(),
                OptionalDouble.of(2.5),
                TimeZone.getTimeZone("Europe/Paris"),
                RoundingMode.HALF_EVEN,
                TimeUnit.DAYS,
                new AbstractMap.SimpleEntry<>("key", null),
                new AbstractMap.SimpleImmutableEntry<>("key", 1),
                Map.entry("key", 1),
                properties(),
                address("bot.example", 192, 0, 2, 1),
                address(null, 0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                new InetSocketAddress(address("bot.example", 192, 0, 2, 1), 6379),
                InetSocketAddress.createUnresolved("Bot.example", 6379));
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("key", "value");
        return properties;
    }

    /** Made without a look-up. */
    static InetAddress address(@Nullable String name, int... numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        try {
            return InetAddress.getByAddress(name, bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static GregorianCalendar calendar() {
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Europe/Paris"), Locale.ROOT);
        calendar.setTimeInMillis(1_700_000_000_000L);
        calendar.setFirstDayOfWeek(Calendar.MONDAY);
        calendar.setMinimalDaysInFirstWeek(4);
        calendar.setLenient(false);
        return calendar;
    }

    static List<Object> times() {
        LocalDateTime backwards = LocalDateTime.of(2024, 10, 27, 2, 30);
        ZoneId paris = ZoneId.of("Europe/Paris");
        return List.of(
                Instant.ofEpochSecond(-1, 999_999_999),
                Duration.ofSeconds(-5, 3),
                LocalDate.of(-44, 3, 15),
                LocalTime.of(23, 59, 58, 1),
                backwards,
                ZoneOffset.ofHoursMinutes(5, 45),
                paris,
                OffsetTime.of(LocalTime.NOON, ZoneOffset.UTC),
                OffsetDateTime.of(backwards, ZoneOffset.ofHours(-3)),
                ZonedDateTime.ofLocal(backwards, paris, ZoneOffset.ofHours(1)),
                ZonedDateTime.ofLocal(backwards, paris, ZoneOffset.ofHours(2)),
                Year.of(2024),
                YearMonth.of(2024, 2),
                MonthDay.of(2, 29),
                Period.of(1, -2, 3),
                DayOfWeek.FRIDAY,
                Month.MAY,
                ChronoUnit.WEEKS,
                calendar());
    }

    static List<Object> collections() {
        List<Object> elements = Arrays.asList("a", 1, null, List.of("nested"));
        List<String> texts = List.of("b", "a", "c");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("a", List.of(2));
        TreeSet<String> reversed = new TreeSet<>(Comparator.reverseOrder());
        reversed.addAll(texts);
        TreeMap<String, Object> folded = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        folded.putAll(map);
        TreeSet<String> natural = new TreeSet<>(Comparator.<String>naturalOrder());
        natural.addAll(texts);
        Set<Object> view = ConcurrentHashMap.newKeySet();
        view.addAll(texts);
        return List.of(
                new ArrayList<>(elements),
                new ArrayList<>(texts).subList(1, 3),
                new LinkedList<>(elements),
                new ArrayDeque<>(texts),
                new CopyOnWriteArrayList<>(elements),
                new Vector<>(elements),
                new HashSet<>(elements),
                new LinkedHashSet<>(elements),
                view,
                new ConcurrentLinkedQueue<>(texts),
                new ConcurrentLinkedDeque<>(texts),
                EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS),
                EnumSet.noneOf(TimeUnit.class),
                new HashMap<>(map),
                map,
                new ConcurrentHashMap<>(map),
                new Hashtable<>(map),
                new EnumMap<>(Map.of(TimeUnit.DAYS, "d", TimeUnit.HOURS, 1)),
                new EnumMap<>(TimeUnit.class),
                new TreeSet<>(texts),
                reversed,
                natural,
                new ConcurrentSkipListSet<>(texts),
                new PriorityQueue<>(texts),
                new TreeMap<>(map),
                folded,
                new ConcurrentSkipListMap<>(map),
                Comparator.naturalOrder(),
                Comparator.reverseOrder(),
                String.CASE_INSENSITIVE_ORDER);
    }

    static List<Object> hiddenCollections() {
        Collection<Object> unmodifiable = Collections.unmodifiableCollection(new ArrayList<>(List.of("a", 1)));
        return List.of(
                Collections.emptyList(),
                Collections.emptySet(),
                Collections.emptyMap(),
                Collections.emptySortedSet(),
                Collections.emptySortedMap(),
                Collections.singletonList(null),
                Collections.singleton("a"),
                Collections.singletonMap("a", null),
                Arrays.asList("a", null),
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                List.of(1, 2, 3).subList(1, 3),
                Stream.of("a", null).toList(),
                Set.of(),
                Set.of("a"),
                Set.of("a", "b", "c"),
                Map.of(),
                Map.of("a", 1),
                Map.of("a", 1, "b", 2),
                unmodifiable,
                Collections.unmodifiableList(new ArrayList<>(List.of("a", 1))),
                Collections.unmodifiableList(new LinkedList<>(List.of("a", 1))),
                Collections.unmodifiableSet(new HashSet<>(List.of("a", 1))),
                Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("a", 1))),
                Collections.unmodifiableSortedSet(new TreeSet<>(Set.of("a", "b"))),
                Collections.unmodifiableNavigableSet(new TreeSet<>(Set.of("a", "b"))),
                Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("a", "b"))),
                Collections.unmodifiableNavigableMap(new TreeMap<>(Map.of("a", "b"))));
    }
}
