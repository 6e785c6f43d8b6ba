package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        // text, scheme, host, port, user, password, database, shown
        "redis://localhost, redis, localhost, 6379, , , , redis://localhost:6379",
        "' redis://localhost:7000 ', redis, localhost, 7000, , , , redis://localhost:7000",
        "REDIS://Host:1, redis, Host, 1, , , , redis://Host:1",
        "valkey://h, redis, h, 6379, , , , redis://h:6379",
        "valkeys://h, rediss, h, 6379, , , , rediss://h:6379",
        "rediss://my_host.example:65535/3, rediss, my_host.example, 65535, , , 3, rediss://my_host.example:65535",
        "redis://h/, redis, h, 6379, , , , redis://h:6379",
        "redis://[::1], redis, [::1], 6379, , , , redis://[::1]:6379",
        "redis://u:p@[fe80::1]:7000/15, redis, [fe80::1], 7000, u, p, 15, redis://[fe80::1]:7000",
        "redis://:p@h, redis, h, 6379, , p, , redis://h:6379",
        "redis://u@h, redis, h, 6379, u, , , redis://h:6379",
        "redis://b%40t%3A%2F@h, redis, h, 6379, b@t:/, , , redis://h:6379",
        "redis://:p%3A@h, redis, h, 6379, , p:, , redis://h:6379",
        "redis+uds://u@/tmp/a.sock, redis+uds, /tmp/a.sock, 0, u, , , redis+uds:///tmp/a.sock",
        "redis://u:@h, redis, h, 6379, u, , , redis://h:6379",
        "redis://u:p%40%3A%2F%25@h, redis, h, 6379, u, p@:/%, , redis://h:6379",
        "redis://u:a+b%20c@h, redis, h, 6379, u, a+b c, , redis://h:6379",
        "redis://u:100%@h, redis, h, 6379, u, 100%, , redis://h:6379",
        "redis://u:p@ss@h, redis, h, 6379, u, p@ss, , redis://h:6379",
        "redis://u:p/w:x@h:1/2, redis, h, 1, u, p/w:x, 2, redis://h:1",
        "redis+uds:///tmp/a.sock, redis+uds, /tmp/a.sock, 0, , , , redis+uds:///tmp/a.sock",
        "redis+uds:///tmp/a@b:c.sock, redis+uds, /tmp/a@b:c.sock, 0, , , , redis+uds:///tmp/a@b:c.sock",
        "redis+uds://u:p@/tmp/a.sock, redis+uds, /tmp/a.sock, 0, u, p, , redis+uds:///tmp/a.sock",
        "embedded, embedded, '', 0, , , , embedded",
        "embedded:/tmp/a b, embedded, /tmp/a b, 0, , , , embedded",
    })
    void parse_anyForm_givesItsParts(
            String text,
            String scheme,
            String host,
            int port,
            String user,
            String password,
            Integer database,
            String shown) {
        ServerAddress address = ServerAddress.parse(text);

        assertThat(address).isEqualTo(new ServerAddress(scheme, host, port, user, password, database));
        assertThat(address).hasToString(shown);
    }

    @Test
    void folder_ofEmbedded_isNullWithoutOne() {
        assertThat(ServerAddress.parse("embedded").folder()).isNull();
        assertThat(ServerAddress.parse("embedded:").folder()).isNull();
        assertThat(ServerAddress.parse("embedded:/tmp/a").folder()).isEqualTo(Path.of("/tmp/a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | has no known scheme",
                "localhost:6379 | localhost:6379 | has no known scheme",
                "http://localhost | http://localhost | has no known scheme",
                "embeddedx | embeddedx | has no known scheme",
                "redis:// | redis:// | has no host",
                "redis://:7000 | redis://:… | has no host",
                "redis://u:p@ | …@ | has no host",
                "redis://h:0 | redis://h:0 | has a port '0' that is not a number from 1 to 65535",
                "redis://h:70000 | redis://h:70000 | has a port '70000' that is not a number from 1 to 65535",
                "redis://h:x | redis://h:… | has a port that is not a number from 1 to 65535",
                "redis://h: | redis://h:… | has a port that is not a number from 1 to 65535",
                "redis://h/x | redis://h/x | has a database that is not a number from 0 to 2147483647",
                "redis://h/-1 | redis://h/-1 | has a database that is not a number from 0 to 2147483647",
                "redis://::1 | redis://:… | has no host that is a name, an IPv4 address or an IPv6 address in brackets",
                "redis://[x] | redis://[x] | has no host that is a name, an IPv4 address or an IPv6 address in brackets",
                "redis://a b | redis://a b | has no host that is a name, an IPv4 address or an IPv6 address in brackets",
                "redis+uds://tmp/a | redis+uds://tmp/a | has no absolute path of a socket",
            })
    void parse_otherForms_areRefusedInOneSentence(String text, String shown, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(text))
                .withMessage("server address '" + shown + "' " + why
                        + "; write redis://host:port, rediss://host:port,"
                        + " redis-sentinel://host:port,host:port/name, redis-cluster://host:port,host:port,"
                        + " redis+uds:///path/to/socket, or embedded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://u:s3cr3t@",
                "redis://:s3cr3t@h:x",
                "redis://:s3cr3t@h/x",
                "http://u:s3cr3t@h",
                "u:s3cr3t@h",
                "redis://u:s3cr3t",
                "redis://:s3cr3t",
                "redis://u:s3cr3t/0",
                "redis://h/0?password=s3cr3t",
                "redis://h/0#s3cr3t",
                "redis+uds://u:s3cr3t@tmp/a",
                "redis://u:p@s3cr3t@[x]",
                "redis//u:s3cr3t@h:1",
            })
    void parse_passwordInARefusedText_isNotInTheMessage(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(text))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"))
                .satisfies(e -> assertThat(e.getCause()).isNull());
    }

    @Property
    void parse_encodedUserAndPassword_givesThemBack(@ForAll @NotEmpty String user, @ForAll @NotEmpty String password) {
        String text = "redis://" + encoded(user) + ":" + encoded(password) + "@host:7000/1";

        ServerAddress address = ServerAddress.parse(text);

        assertThat(address.user()).isEqualTo(utf8(user));
        assertThat(address.password()).isEqualTo(utf8(password));
        assertThat(address).hasToString("redis://host:7000");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** An unpaired surrogate has no UTF-8. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
