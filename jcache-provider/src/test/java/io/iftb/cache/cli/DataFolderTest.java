package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFolderTest {

    @ParameterizedTest
    @CsvSource({
        "/data, Linux, /data/iftb-cache",
        "'', Linux, /home/jane/.local/share/iftb-cache",
        "relative, Linux, /home/jane/.local/share/iftb-cache",
        "'', Mac OS X, /home/jane/Library/Application Support/iftb-cache",
        "/data, Mac OS X, /data/iftb-cache",
    })
    void of_environment_isTheUsersDataFolder(String xdg, String operatingSystem, Path expected) {
        assertThat(DataFolder.of(Map.of("XDG_DATA_HOME", xdg), "/home/jane", operatingSystem))
                .isEqualTo(expected);
    }
}
