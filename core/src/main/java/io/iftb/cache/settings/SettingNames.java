package io.iftb.cache.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of all settings. */
final class SettingNames {

    /** What the names of all settings begin with. */
    static final String PREFIX = "iftb.cache.";

    private static final String PASSWORD = "password";

    private static final Pattern LETTERS = Pattern.compile("[A-Za-z.*_-]+");

    private static final Set<String> LISTS = Set.of(
            Setting.TRUSTED.propertyName(), Setting.TLS_PROTOCOLS.propertyName(), Setting.TLS_CIPHERS.propertyName());

    private SettingNames() {}

    /** Whether there is a setting of a name. */
    static boolean isKnown(String name) {
        return Setting.named(name).isPresent() || CacheSetting.of(name).isPresent();
    }

    /** Whether the value of a setting may be given as a list. */
    static boolean isList(String name) {
        return LISTS.contains(name)
                || CacheSetting.of(name).filter(CacheSetting.TRUSTED::equals).isPresent();
    }

    /** Says that there is no setting of a name, and which known name is most like it. */
    static SettingException unknown(String name, String place) {
        String hint = nearest(name)
                .map(known -> "did you mean " + known + "? There are ")
                .orElse("there are ");
        return new SettingException(
                "There is no setting " + shown(name) + ", which is in " + place + "; " + hint + allNames());
    }

    /** An unknown name, without what may be a password that was written where its colon should be. */
    private static String shown(String name) {
        String masked = Setting.masked(name);
        int password = masked.toLowerCase(Locale.ROOT).indexOf(PASSWORD);
        int end = password < 0 ? endOfName(masked) : password + PASSWORD.length();
        return end == masked.length() ? masked : masked.substring(0, end) + "***";
    }

    /** Where a name has the first character that no setting has; names of caches may have any. */
    private static int endOfName(String name) {
        if (name.startsWith(CacheSetting.PREFIX)) {
            return name.length();
        }
        Matcher letters = LETTERS.matcher(name);
        return letters.lookingAt() ? letters.end() : 0;
    }

    private static String allNames() {
        return Stream.concat(
                        Arrays.stream(Setting.values()).map(Setting::propertyName),
                        Arrays.stream(CacheSetting.values()).map(setting -> setting.propertyName("<name>")))
                .collect(Collectors.joining(", "));
    }

    /** The known name most like an unknown one, if it is close enough to be meant. */
    static Optional<String> nearest(String name) {
        String best = null;
        int least = Spelling.mostErrors(name) + 1;
        for (String written : List.of(name, PREFIX + name)) {
            for (String known : candidates(written).toList()) {
                int distance = Spelling.distance(written, known);
                if (distance < least) {
                    least = distance;
                    best = known;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static Stream<String> candidates(String name) {
        Stream<String> all = Arrays.stream(Setting.values()).map(Setting::propertyName);
        int dot = name.lastIndexOf('.');
        boolean ofCache = name.startsWith(CacheSetting.PREFIX) && dot > CacheSetting.PREFIX.length();
        return ofCache
                ? Arrays.stream(CacheSetting.values())
                        .map(setting -> setting.propertyName(name.substring(CacheSetting.PREFIX.length(), dot)))
                : all;
    }
}
