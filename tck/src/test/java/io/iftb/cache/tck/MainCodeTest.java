package io.iftb.cache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.jcache.IftbCachingProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider does not detect the TCK: no class names the TCK, its properties or its packages. */
class MainCodeTest {

    private static final List<String> OF_THE_TCK = List.of("jsr107.tck", "jsr107/tck", "ExcludeList");

    @ParameterizedTest
    @ValueSource(classes = {MarketCaches.class, IftbCachingProvider.class})
    void classFiles_ofOurJars_doNotNameTheTck(Class<?> ours) throws Exception {
        List<String> naming = new ArrayList<>();
        int classes = 0;
        try (FileSystem jar = FileSystems.newFileSystem(jarOf(ours), Map.of());
                Stream<Path> files = Files.walk(jar.getPath("io/iftb"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                classes++;
                if (namesTheTck(file)) {
                    naming.add(file.toString());
                }
            }
        }
        assertThat(naming).isEmpty();
        assertThat(classes).isGreaterThan(20);
    }

    private static boolean namesTheTck(Path file) throws IOException {
        // names and strings in a class file are in UTF-8
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return OF_THE_TCK.stream().anyMatch(content::contains);
    }

    private static URI jarOf(Class<?> type) throws URISyntaxException {
        return URI.create("jar:"
                + type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
