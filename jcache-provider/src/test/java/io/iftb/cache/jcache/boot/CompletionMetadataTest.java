package io.iftb.cache.jcache.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps what editors complete in {@code application.yaml} equal to the settings; {@code -Dsettings.update=true} writes it anew. */
class CompletionMetadataTest {

    private static final Path FILE = Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");
    private static final Pattern CODE = Pattern.compile("`([a-z]+)`");
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    static void update() throws IOException {
        if (Boolean.getBoolean("settings.update")) {
            Files.writeString(FILE, metadata());
        }
    }

    @Test
    void metadata_ofAllSettings_isThatOfTheCode() throws IOException {
        assertThat(Files.readString(FILE))
                .as(FILE + "; -Dsettings.update=true writes it anew")
                .isEqualTo(metadata());
    }

    private static String metadata() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode properties = root.putArray("properties");
        ArrayNode hints = root.putArray("hints");
        add(
                properties,
                "iftb.cache.enabled",
                "java.lang.Boolean",
                "Whether Spring Boot makes beans of the caches.",
                "true");
        add(
                properties,
                "management.health.iftb-cache.enabled",
                "java.lang.Boolean",
                "Whether health tells of the server of the caches.",
                "true");
        add(
                properties,
                "management.observations.iftb-cache.enabled",
                "java.lang.Boolean",
                "Whether each call of a cache is an observation of Micrometer, such as a span of a trace.",
                "false");
        for (Setting setting : Setting.values()) {
            add(
                    properties,
                    setting.propertyName(),
                    "java.lang.String",
                    text(setting.meaning(), setting.accepted()),
                    setting.defaultText());
            hint(hints, setting.propertyName(), setting.accepted());
        }
        add(
                properties,
                "iftb.cache.caches",
                "java.util.Map<java.lang.String,java.util.Map<java.lang.String,java.lang.String>>",
                "Settings of caches by their names; '*' holds for all caches of your own.",
                "");
        for (DomainCache cache : DomainCache.values()) {
            for (CacheSetting setting : CacheSetting.values()) {
                if (setting.isFor(cache.cacheName())) {
                    String name = setting.propertyName(cache.cacheName());
                    add(properties, name, "java.lang.String", text(setting.meaning(), setting.accepted()), "");
                    hint(hints, name, setting.accepted());
                }
            }
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        return JSON.writer(printer).writeValueAsString(root) + "\n";
    }

    private static String text(String meaning, String accepted) {
        return (meaning + " Accepted is " + accepted + ".").replace("`", "");
    }

    private static void add(ArrayNode properties, String name, String type, String description, String defaultValue) {
        ObjectNode property = properties.addObject();
        property.put("name", name);
        property.put("type", type);
        property.put("description", description);
        if (!defaultValue.isEmpty()) {
            property.put("defaultValue", defaultValue);
        }
    }

    /** The values of a setting that has a few words for values. */
    private static void hint(ArrayNode hints, String name, String accepted) {
        if (!accepted.startsWith("`") || accepted.contains(" such ") || accepted.contains("…")) {
            return;
        }
        ArrayNode values = JSON.createArrayNode();
        Matcher code = CODE.matcher(accepted);
        while (code.find()) {
            values.addObject().put("value", code.group(1));
        }
        if (values.size() > 1) {
            ObjectNode hint = hints.addObject();
            hint.put("name", name);
            hint.set("values", values);
        }
    }
}
