package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** A class loader over one class that is compiled from text, so that a class can have two versions. */
final class CompiledClasses extends URLClassLoader {

    private CompiledClasses(Path folder) throws IOException {
        super(new URL[] {folder.toUri().toURL()}, CompiledClasses.class.getClassLoader());
    }

    /**
     * Compiles a public class.
     *
     * @param folder an empty folder for this purpose
     * @param name the class with its package
     * @param text its source, without the package
     */
    static CompiledClasses of(Path folder, String name, String text) throws IOException {
        int dot = name.lastIndexOf('.');
        Path source = Files.createDirectories(folder).resolve(name.substring(dot + 1) + ".java");
        Files.writeString(source, "package " + name.substring(0, dot) + "; " + text);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(result).as(text).isZero();
        return new CompiledClasses(folder);
    }

    /** An object of a class, made by its only constructor. */
    Object make(String name, Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = loadClass(name).getConstructors()[0];
        return constructor.newInstance(arguments);
    }
}
