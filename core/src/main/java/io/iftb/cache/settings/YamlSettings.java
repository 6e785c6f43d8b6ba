package io.iftb.cache.settings;

import io.iftb.cache.settings.SettingValue.Source;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Settings as YAML writes them. A name is whole, {@code iftb.cache.redis.uri: …}, or cut at any of its dots into nested
 * mappings. Values are taken as they are written, whatever YAML would make of them; a tag makes no object.
 */
final class YamlSettings {

    /** What the parser says without quoting the file, which may hold a password. */
    private static final Pattern HARMLESS = Pattern.compile("mapping values are not allowed here"
            + "|expected <[a-z ]+>, but found '<[a-z ]+>'|could not find expected ':'|found unexpected end of stream"
            + "|found character '\\\\t\\(TAB\\)' that cannot start any token.*");

    private static final String ACCEPTED = "accepted are names and values as iftb.cache.redis.uri: redis://host:port";

    private static final int MAX_DEPTH = 50;

    private final String file;
    private final Map<String, SettingValue> settings = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /** @param file the file's name in messages */
    YamlSettings(String file) {
        this.file = file;
    }

    /**
     * The settings in a text, by their names.
     *
     * @throws SettingException if the text is not YAML, or has a setting twice, or has anything but names and values
     */
    Map<String, SettingValue> parse(String text) {
        Node root = compose(text);
        if (root instanceof MappingNode mapping) {
            addAll("", mapping, 0);
        } else if (root != null && !Tag.NULL.equals(root.getTag())) {
            throw wrong(root, "is not a mapping");
        }
        return settings;
    }

    private @Nullable Node compose(String text) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            String problem =
                    e.getProblem() != null && HARMLESS.matcher(e.getProblem()).matches()
                            ? ": " + e.getProblem()
                            : "; put a value in quotes if it begins with a sign such as * & ! % @ or holds ': ' or ' #'";
            Mark mark = e.getProblemMark();
            throw notYaml(
                    mark == null ? "" : " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1),
                    problem);
        } catch (ReaderException e) {
            long line = text.codePoints()
                            .takeWhile(point -> point != e.getCodePoint())
                            .filter(point -> point == '\n')
                            .count()
                    + 1;
            throw notYaml(" in line " + line, String.format(": character U+%04X is not allowed", e.getCodePoint()));
        } catch (YAMLException e) {
            throw notYaml("", "; it is too deep or has too many aliases");
        }
    }

    /** Without the cause: its message quotes the file, which may hold a password. */
    private SettingException notYaml(String place, String why) {
        return new SettingException("Settings in " + file + " are not YAML" + place + why);
    }

    private void addAll(String prefix, MappingNode mapping, int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong(mapping, "holds itself");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), "has no name before a colon");
            }
            String name = prefix + key.getValue();
            if (tuple.getValueNode() instanceof MappingNode nested) {
                addAll(name + ".", nested, depth + 1);
            } else {
                add(name, key, tuple.getValueNode());
            }
        }
    }

    private void add(String name, ScalarNode key, Node value) {
        int line = key.getStartMark().getLine() + 1;
        String place = place(key);
        if (!SettingNames.isKnown(name)) {
            throw SettingNames.unknown(name, place);
        }
        if (name.equals(Setting.CONFIG.propertyName())) {
            throw new SettingException("Setting " + name + " in " + place + " is not accepted in a file; leave it out");
        }
        Integer first = lines.putIfAbsent(name, line);
        if (first != null) {
            throw new SettingException("Setting " + name + " stands twice in " + file + ", in lines " + first + " and "
                    + line + "; leave one of them");
        }
        settings.put(name, new SettingValue(text(name, value, place), Source.FILE, place));
    }

    private String text(String name, Node value, String place) {
        if (value instanceof SequenceNode list && SettingNames.isList(name)) {
            return list.getValue().stream()
                    .map(each -> each instanceof ScalarNode scalar ? scalar.getValue() : "")
                    .collect(Collectors.joining(","));
        }
        if (!(value instanceof ScalarNode scalar)) {
            throw new SettingException("Setting " + name + " in " + place + " is a list; accepted is one value");
        }
        if (Tag.NULL.equals(scalar.getTag())) {
            throw new SettingException("Setting " + name + " in " + place
                    + " has no value; write one after the colon, \"\" for an empty text, or leave out the setting");
        }
        return scalar.getValue();
    }

    private SettingException wrong(Node node, String what) {
        return new SettingException("Settings in " + place(node) + ": the text there " + what + "; " + ACCEPTED);
    }

    private String place(Node node) {
        return "line " + (node.getStartMark().getLine() + 1) + " of " + file;
    }
}
