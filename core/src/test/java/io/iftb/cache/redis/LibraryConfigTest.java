package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Which login each server gets. */
class LibraryConfigTest {

    private static final String URI = "redis-sentinel://:secret@localhost:6379,127.0.0.2:6379/mymaster";

    private static LibraryConfig config(boolean sentinelsWantLogin, int primaryPort) {
        ServerUri uri = ServerUri.parse(URI);
        ConnectionSettings settings = TestServer.settings(URI);
        LibraryConfig config = new LibraryConfig(uri, Login.of(uri.first(), settings), settings);
        config.heard(new SentinelProbe.Answer(ServerAddress.of(false, "127.0.0.3", primaryPort), sentinelsWantLogin));
        return config;
    }

    private static boolean logsIn(LibraryConfig config, String host, int port) {
        return config.credentials(new InetSocketAddress(host, port)).getPassword() != null;
    }

    /** Each on a machine of its own, with the port that all servers of Redis have. */
    @Test
    void credentials_serversHaveThePortOfTheSentinels_areThoseOfTheServers() {
        LibraryConfig config = config(false, 6379);

        assertThat(logsIn(config, "127.0.0.3", 6379)).isTrue();
        assertThat(logsIn(config, "127.0.0.4", 6379)).isTrue();
        assertThat(logsIn(config, "127.0.0.1", 6379)).isFalse();
        assertThat(logsIn(config, "localhost", 6379)).isFalse();
        assertThat(logsIn(config, "127.0.0.2", 6379)).isFalse();
    }

    @Test
    void credentials_serversHaveOtherPorts_areToldByThePort() {
        LibraryConfig config = config(false, 6380);

        assertThat(logsIn(config, "127.0.0.3", 6380)).isTrue();
        assertThat(logsIn(config, "127.0.0.5", 6379)).isFalse(); // a sentinel that has another address by now
    }

    @Test
    void credentials_sentinelsWantTheLogin_getIt() {
        assertThat(logsIn(config(true, 6379), "127.0.0.1", 6379)).isTrue();
    }
}
