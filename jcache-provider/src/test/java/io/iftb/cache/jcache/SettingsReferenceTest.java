package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keeps SETTINGS.md correct; {@code -Dsettings.update=true} writes its table anew. */
class SettingsReferenceTest {

    private static final Path FILE = Path.of("SETTINGS.md");

    @BeforeAll
    static void update() throws IOException {
        if (Boolean.getBoolean("settings.update")) {
            String text = Files.readString(FILE);
            Files.writeString(FILE, text.replace(tableIn(text), table()));
        }
    }

    @Test
    void table_ofAllSettings_isThatOfTheCode() throws IOException {
        assertThat(tableIn(Files.readString(FILE)))
                .as("the table in SETTINGS.md; -Dsettings.update=true writes it anew")
                .isEqualTo(table());
    }

    @ParameterizedTest
    @EnumSource
    void table_anySetting_isInIt(Setting setting) throws IOException {
        assertThat(Files.readString(FILE)).contains("| `" + setting.propertyName() + "` |");
        assertThat(setting.meaning()).endsWith(".").doesNotContain("|");
        assertThat(setting.accepted()).isNotBlank().doesNotContain("|");
    }

    @ParameterizedTest
    @EnumSource
    void table_anySettingOfACache_isInIt(CacheSetting setting) throws IOException {
        assertThat(Files.readString(FILE)).contains("| `" + setting.propertyName("<name>") + "` |");
        assertThat(setting.meaning()).endsWith(".").doesNotContain("|");
        assertThat(setting.accepted()).isNotBlank().doesNotContain("|");
    }

    @Test
    void example_asItStandsInTheFile_isAccepted(@TempDir Path folder) throws IOException {
        String text = Files.readString(FILE);
        int start = text.indexOf("```yaml\n") + 8;
        Path secret = Files.writeString(folder.resolve("redis"), "secret\n");
        Path example = Files.writeString(
                folder.resolve("example.yaml"),
                text.substring(start, text.indexOf("```", start))
                        .replace("/run/secrets/redis", secret.toString())
                        .replace("com.acme.Order", Properties.class.getName()));

        CacheSettings settings = new SettingSources(Properties::new, name -> "")
                .resolve(
                        new Properties(),
                        "",
                        example.toUri(),
                        Objects.requireNonNull(getClass().getClassLoader()));

        assertThat(settings.namespace()).isEqualTo("bot1");
        assertThat(settings.caches().existing("orders")).isPresent();
        assertThat(settings.caches().existing("com.acme.Quotes")).isEmpty();
    }

    private static String tableIn(String text) {
        int start = text.indexOf("-->\n", text.indexOf("<!-- Generated")) + 4;
        return text.substring(start, text.indexOf("<!-- end -->", start));
    }

    private static String table() {
        StringBuilder table = new StringBuilder("\n| setting | accepted | default | |\n|---|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            String value = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
            row(table, setting.propertyName(), setting.accepted(), value, setting.meaning());
        }
        for (CacheSetting setting : CacheSetting.values()) {
            row(table, setting.propertyName("<name>"), setting.accepted(), setting.defaultText(), setting.meaning());
        }
        return table.append('\n').toString();
    }

    private static void row(StringBuilder table, String name, String accepted, String defaultText, String meaning) {
        table.append("| `").append(name).append("` | ").append(accepted).append(" | ");
        table.append(defaultText)
                .append(defaultText.isEmpty() ? "| " : " | ")
                .append(meaning)
                .append(" |\n");
    }
}
