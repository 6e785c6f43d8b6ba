package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of the JDK that serialize themselves there: properties, calendars and network addresses. */
@SuppressWarnings({"serial", "UnusedMethod", "JavaUtilDate"}) // serialization calls the methods
class JdkValuesTest {

    /** Trusts no class of the application. */
    private static final KryoCodec CODEC = KryoCodec.builder().build();

    @Test
    void copy_propertiesWithDefaults_keepsThem() {
        Properties last = new Properties();
        last.setProperty("c", "3");
        Properties defaults = new Properties(last);
        defaults.setProperty("b", "2");
        Properties properties = new Properties(defaults);
        properties.setProperty("a", "1");
        properties.put("list", List.of(1, 2));

        Properties copy = Samples.copy(CODEC, properties);

        assertThat(copy).isEqualTo(properties);
        assertThat(copy.stringPropertyNames()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(copy.getProperty("c")).isEqualTo("3");
    }

    @Test
    void encodeKey_equalProperties_giveTheSameBytes() {
        Properties forwards = new Properties();
        Properties backwards = new Properties();
        for (int i = 0; i < 100; i++) {
            forwards.setProperty("k" + i, "v");
            backwards.setProperty("k" + (99 - i), "v");
        }

        assertThat(CODEC.encodeKey(backwards)).isEqualTo(CODEC.encodeKey(forwards));
    }

    @Test
    void encode_propertiesThatHoldAnUntrustedClass_isRefusedByName() {
        Properties properties = new Properties(new OwnProperties());
        Properties valued = new Properties();
        valued.put("k", new Loud());

        for (Properties refused : List.of(properties, valued)) {
            assertThatThrownBy(() -> CODEC.encode(refused))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining(JdkValuesTest.class.getName());
        }
    }

    @Test
    void decode_propertiesWhoseDefaultsAreOfAnUntrustedClass_isUntrustedAndNothingRuns() {
        KryoCodec trusting = KryoCodec.builder().trust(OwnProperties.class).build();
        byte[] bytes = trusting.encode(new Properties(new OwnProperties()));
        Loud.read = 0;

        assertThatThrownBy(() -> CODEC.decode(bytes))
                .isInstanceOf(UntrustedValueException.class)
                .hasMessageContaining(OwnProperties.class.getName());
        assertThat(Loud.read).isZero();
        assertThat(((Properties) trusting.decode(bytes)).getProperty("k")).isEqualTo("v");
    }

    /** Streams that an attacker plants in the place of that of properties. */
    static List<Arguments> plantedStreams() {
        Properties loud = new Properties();
        loud.put("k", new Loud());
        return Samples.asArguments(List.of(
                new Loud(),
                loud,
                new Properties(new OwnProperties()),
                new HashMap<>(Map.of("a", "b")),
                new Properties[0],
                Samples.address("host", 127, 0, 0, 1),
                new GregorianCalendar(),
                "text"));
    }

    @ParameterizedTest
    @MethodSource("plantedStreams")
    void decode_plantedStreamOfProperties_isCorruptAndNothingRuns(Object object) throws IOException {
        byte[] bytes = planted(object);
        Loud.read = 0;

        assertThatThrownBy(() -> CODEC.decode(bytes)).isInstanceOf(CorruptValueException.class);
        assertThat(Loud.read).isZero();
    }

    @Test
    void decode_plantedStreamOfPropertiesAlone_isRead() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("k", "v");

        assertThat(CODEC.decode(planted(properties))).isEqualTo(properties);
    }

    @Test
    void decode_defaultsThatAreNoProperties_isCorrupt() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (JdkStreamWriter out = new JdkStreamWriter(stream)) {
            out.writeObject(new Properties(new Properties()));
        }

        byte[] map = planted(stream.toByteArray(), 1, 91 + 2, 0); // a HashMap without entries

        assertThatThrownBy(() -> CODEC.decode(map))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("java.util.HashMap");
    }

    @Test
    void copy_calendar_keepsEverySetting() {
        GregorianCalendar julian = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"), Locale.GERMANY);
        julian.setGregorianChange(new Date(Long.MAX_VALUE));
        julian.setTimeInMillis(-1_000_000_000_000L);
        julian.setLenient(false);

        GregorianCalendar copy = Samples.copy(CODEC, julian);

        assertThat(copy).isEqualTo(julian);
        assertThat(copy.isLenient()).isFalse();
        assertThat(copy.get(Calendar.DAY_OF_MONTH)).isEqualTo(julian.get(Calendar.DAY_OF_MONTH));
        assertThat(CODEC.decode(CODEC.encode(List.of(julian, julian)))).isEqualTo(List.of(julian, julian));
    }

    @Test
    void encodeKey_equalCalendars_giveTheSameBytes() {
        GregorianCalendar asked = new GregorianCalendar(2024, Calendar.FEBRUARY, 29);
        GregorianCalendar fresh = new GregorianCalendar(2024, Calendar.FEBRUARY, 29);
        asked.get(Calendar.WEEK_OF_YEAR);

        assertThat(CODEC.encodeKey(asked)).isEqualTo(CODEC.encodeKey(fresh));
    }

    @Test
    void encode_calendarInTheMiddleOfChanges_doesNotChangeIt() {
        GregorianCalendar calendar = new GregorianCalendar(2024, Calendar.JANUARY, 31);
        calendar.set(Calendar.MONTH, Calendar.FEBRUARY);

        CODEC.encode(calendar);

        calendar.set(Calendar.DAY_OF_MONTH, 1); // on March 2nd, this would be in March
        assertThat(calendar.get(Calendar.MONTH)).isEqualTo(Calendar.FEBRUARY);
    }

    @Test
    void encode_calendarWithAZoneOfItsOwn_isRefusedByName() {
        GregorianCalendar calendar = new GregorianCalendar(new SimpleTimeZone(3_600_000, "own"));

        assertThatThrownBy(() -> CODEC.encode(calendar))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("java.util.SimpleTimeZone");
    }

    @Test
    void copy_addressWithoutAName_isNotLookedUp() {
        InetAddress address = Samples.address(null, 192, 0, 2, 7);

        InetAddress copy = Samples.copy(CODEC, address);

        // toString shows a name that is known, and looks up none
        assertThat(address.toString()).isEqualTo("/192.0.2.7");
        assertThat(copy.toString()).isEqualTo("/192.0.2.7");
        assertThat(Samples.copy(CODEC, new InetSocketAddress(address, 1)).toString())
                .isEqualTo("/192.0.2.7:1");
    }

    @Test
    void copy_addressWithAName_keepsNameAndBytesUnresolved() {
        InetAddress address = Samples.address("no-such-host.invalid", 192, 0, 2, 7);
        InetSocketAddress socket = InetSocketAddress.createUnresolved("no-such-host.invalid", 80);

        assertThat(Samples.copy(CODEC, address).toString()).isEqualTo("no-such-host.invalid/192.0.2.7");
        assertThat(Samples.copy(CODEC, socket)).isEqualTo(socket);
        assertThat(Samples.copy(CODEC, socket).isUnresolved()).isTrue();
    }

    @Test
    void copy_addressOfVersion6_keepsItsScopeAndVersion() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        byte[] local = {-2, -128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

        assertThat(Samples.copy(CODEC, Inet6Address.getByAddress("h", mapped, -1)))
                .isInstanceOf(Inet6Address.class);
        for (int scope : new int[] {-1, 0, 3}) {
            Inet6Address address = Inet6Address.getByAddress(null, local, scope);
            assertThat(Samples.copy(CODEC, address).toString()).isEqualTo(address.toString());
        }
    }

    @Test
    void encodeKey_equalAddresses_giveTheSameBytes() throws Exception {
        InetAddress named = Samples.address("bot.example", 192, 0, 2, 7);
        InetAddress unnamed = Samples.address(null, 192, 0, 2, 7);
        byte[] local = {-2, -128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

        assertThat(CODEC.encodeKey(named)).isEqualTo(CODEC.encodeKey(unnamed));
        assertThat(CODEC.encodeKey(new InetSocketAddress(named, 80)))
                .isEqualTo(CODEC.encodeKey(new InetSocketAddress(unnamed, 80)));
        assertThat(CODEC.encodeKey(InetSocketAddress.createUnresolved("BOT.example", 80)))
                .isEqualTo(CODEC.encodeKey(InetSocketAddress.createUnresolved("bot.Example", 80)));
        assertThat(CODEC.encodeKey(Inet6Address.getByAddress(null, local, 3)))
                .isEqualTo(CODEC.encodeKey(Inet6Address.getByAddress(null, local, -1)));
        assertThat(CODEC.encodeKey(named)).isNotEqualTo(CODEC.encodeKey(Samples.address(null, 192, 0, 2, 8)));
    }

    @Test
    void decode_addressOfAnotherLength_isCorrupt() {
        for (int length : new int[] {0, 1, 5, 15, -1}) {
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.write(58 + 2);
            payload.write(0); // no name
            payload.write(length);
            payload.writeBytes(new byte[Math.max(0, length)]);

            assertThatThrownBy(() -> CODEC.decode(CorruptBytesTest.frame(0, payload.toByteArray())))
                    .isInstanceOf(CorruptValueException.class);
        }
    }

    /** Properties without parts, with a stream of any object. */
    private static byte[] planted(Object object) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(stream)) {
            out.writeObject(object);
        }
        return planted(stream.toByteArray(), 0);
    }

    private static byte[] planted(byte[] stream, int... parts) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(57 + 2);
        payload.write(1); // a new object
        for (int part : parts) {
            payload.write(part);
        }
        CorruptBytesTest.varint(payload, stream.length);
        payload.writeBytes(stream);
        return CorruptBytesTest.frame(0, payload.toByteArray());
    }

    static final class OwnProperties extends Properties {
        OwnProperties() {
            setProperty("k", "v");
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            Loud.read++;
            in.defaultReadObject();
        }
    }

    static final class Loud implements Serializable {
        private static int read;

        private void readObject(ObjectInputStream in) {
            read++;
        }

        @Override
        public int hashCode() {
            read++;
            return 1;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            read++;
            return this == other;
        }
    }
}
