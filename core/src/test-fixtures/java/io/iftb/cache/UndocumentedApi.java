package io.iftb.cache;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What is public or protected in sources and has no Javadoc, as the compiler reads them. */
public final class UndocumentedApi {

    private final Trees trees;
    private final List<String> found = new ArrayList<>();

    private UndocumentedApi(Trees trees) {
        this.trees = trees;
    }

    /**
     * The names of classes, methods, constructors, fields and constants. Methods with {@code @Override} are left out: they
     * have the Javadoc of what they override. The components of records are told by their record.
     *
     * @param sources a folder
     */
    public static List<String> of(Path sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.walk(sources);
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> paths =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(paths));
            UndocumentedApi api = new UndocumentedApi(Trees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    api.look(String.valueOf(unit.getPackageName()), new TreePath(new TreePath(unit), type));
                }
            }
            return api.found;
        }
    }

    private void look(String outer, TreePath path) {
        Tree tree = path.getLeaf();
        if (tree instanceof ClassTree type && isVisible(type.getModifiers(), path)) {
            String name = outer + "." + type.getSimpleName();
            require(name, path);
            type.getMembers().forEach(member -> look(name, new TreePath(path, member)));
        } else if (tree instanceof MethodTree method && isVisible(method.getModifiers(), path) && !overrides(method)) {
            require(outer + "." + method.getName() + parameters(method), path);
        } else if (tree instanceof VariableTree field && isVisible(field.getModifiers(), path)) {
            require(outer + "." + field.getName(), path);
        }
    }

    private void require(String name, TreePath path) {
        if (trees.getDocComment(path) == null) {
            found.add(name);
        }
    }

    private static boolean isVisible(ModifiersTree modifiers, TreePath path) {
        Set<Modifier> flags = modifiers.getFlags();
        Tree.Kind outer = path.getParentPath().getLeaf().getKind();
        if (outer == Tree.Kind.INTERFACE || outer == Tree.Kind.ANNOTATION_TYPE) {
            return !flags.contains(Modifier.PRIVATE);
        }
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private static boolean overrides(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private static String parameters(MethodTree method) {
        return method.getParameters().stream()
                .map(parameter -> parameter.getType().toString())
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
