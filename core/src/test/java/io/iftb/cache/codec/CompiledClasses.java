package io.iftb.cache.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A class loader over classes that are compiled from text, so that a class can have two versions. */
final class CompiledClasses extends ClassLoader {

    private final Map<String, byte[]> classes;

    private CompiledClasses(Map<String, byte[]> classes) {
        super(CompiledClasses.class.getClassLoader());
        this.classes = classes;
    }

    static CompiledClasses of(String name, String source) throws IOException {
        return of(Map.of(name, source));
    }

    /** @param sources by the names of their classes */
    static CompiledClasses of(Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> compiled = new HashMap<>();
        try (JavaFileManager files = new MemoryFiles(compiler.getStandardFileManager(null, null, null), compiled)) {
            boolean done = compiler.getTask(
                            null,
                            files,
                            null,
                            null,
                            null,
                            sources.entrySet().stream()
                                    .map(each -> new Source(each.getKey(), each.getValue()))
                                    .toList())
                    .call();
            if (!done) {
                throw new IllegalArgumentException("does not compile: " + sources);
            }
        }
        Map<String, byte[]> classes = new HashMap<>();
        compiled.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
        return new CompiledClasses(classes);
    }

    /** An object of a class, made by its only constructor. */
    Object make(String name, Object... arguments) throws ReflectiveOperationException {
        var constructor = loadClass(name).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> compiled;

        MemoryFiles(JavaFileManager files, Map<String, ByteArrayOutputStream> compiled) {
            super(files);
            this.compiled = compiled;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    compiled.put(name, new ByteArrayOutputStream());
                    return Objects.requireNonNull(compiled.get(name));
                }
            };
        }
    }
}
