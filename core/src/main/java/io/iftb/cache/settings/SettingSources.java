package io.iftb.cache.settings;

import io.iftb.cache.settings.SettingValue.Source;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The places where settings are looked for, in this order: what the program itself says, the system properties, the
 * environment, a YAML file.
 *
 * <p>An unknown property that begins with {@code iftb.cache.} is refused, since it is a typing error, and so is any
 * unknown name in the file. An unknown variable of the environment is not: other programs set variables of that form,
 * such as Kubernetes for a service called {@code iftb-cache}. An empty variable counts as unset.
 */
public final class SettingSources {

    private static final String SYSTEM = "the system properties";
    private static final Pattern EMBEDDED = Pattern.compile("\\s*embedded(:.*)?\\s*");
    private static final Pattern WITH_LOGIN = Pattern.compile("[^:]*://(?!/).*@.*");
    private static final Pattern WITH_USER_ALONE = Pattern.compile("[^:]*://(?!/)[^:]*@[^@]*");

    private final Supplier<Properties> systemProperties;
    private final Function<String, @Nullable String> environment;
    private final Map<String, SettingValue> fallbacks;

    /** The places of this JVM. */
    public SettingSources() {
        this(System::getProperties, System::getenv);
    }

    /**
     * @param systemProperties gives the system properties
     * @param environment gives the value of a variable
     */
    public SettingSources(Supplier<Properties> systemProperties, Function<String, @Nullable String> environment) {
        this(systemProperties, environment, Map.of());
    }

    private SettingSources(
            Supplier<Properties> systemProperties,
            Function<String, @Nullable String> environment,
            Map<String, SettingValue> fallbacks) {
        this.systemProperties = systemProperties;
        this.environment = environment;
        this.fallbacks = fallbacks;
    }

    /** The name of a setting as a variable of the environment. */
    public static String environmentName(String propertyName) {
        return propertyName.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** The same places, and a value of a setting where none of them has it. */
    public SettingSources orElse(Setting setting, String value) {
        Map<String, SettingValue> more = new TreeMap<>(fallbacks);
        more.put(setting.propertyName(), new SettingValue(value, Source.FALLBACK, "the defaults of this program"));
        return new SettingSources(systemProperties, environment, more);
    }

    /** Like {@link #resolve(Properties, String, URI, ClassLoader)}, where the program itself says nothing. */
    public CacheSettings resolve(ClassLoader classLoader) {
        return resolve(new Properties(), "the program", null, classLoader);
    }

    /**
     * The settings, with what they say about caches.
     *
     * @param own what the program itself says
     * @param place where it says so, to follow "in"
     * @param uri the server's address or a YAML file of settings, which go before {@code iftb.cache.redis.uri} and {@code
     *     iftb.cache.config}; null, or any other URI, for neither
     * @param classLoader loads the types of caches and the classes of values, and finds a resource; null if no types are
     *     wanted: they are not loaded then
     * @throws SettingException if a setting is unknown or wrong, or there is no such file; the message names the setting,
     *     its place and what is accepted
     */
    public CacheSettings resolve(Properties own, String place, @Nullable URI uri, @Nullable ClassLoader classLoader) {
        Map<String, SettingValue> program = found(own, Source.PROGRAM, place);
        Map<String, SettingValue> system = found(systemProperties.get(), Source.SYSTEM_PROPERTIES, SYSTEM);
        if (uri != null && Setting.isAddress(uri.toString())) {
            program.put(
                    Setting.REDIS_URI.propertyName(),
                    new SettingValue(uri.toString(), Source.PROGRAM, "the URI of the cache manager"));
        }
        if (uri != null && SettingFile.isNamedBy(uri)) {
            program.put(
                    Setting.CONFIG.propertyName(),
                    new SettingValue(uri.toString(), Source.PROGRAM, "the URI of the cache manager"));
        }
        List<Map<String, SettingValue>> near = List.of(program, system);
        SettingValue config =
                new FoundSettings(near, environment, List.of(fallbacks)).find(Setting.CONFIG.propertyName());
        Map<String, SettingValue> file = config == null ? Map.of() : SettingFile.read(config, classLoader);
        FoundSettings found = new FoundSettings(near, environment, List.of(file, fallbacks));
        return settings(found, classLoader);
    }

    private static CacheSettings settings(FoundSettings found, @Nullable ClassLoader classLoader) {
        Map<Setting, SettingValue> all = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            SettingValue value = found.find(setting.propertyName());
            if (value != null) {
                all.put(setting, value);
            }
        }
        SettingValue address = all.get(Setting.REDIS_URI);
        if (address != null) {
            dropLoginsBehind(address, all);
        }
        keepNearestPassword(all);
        CacheSettings.Builder settings = CacheSettings.builder().caches(new NamedCaches(found, classLoader));
        if (classLoader != null) {
            settings.classLoader(classLoader);
        }
        all.forEach((setting, value) -> setting.read(settings, value));
        return settings.build();
    }

    /**
     * Whether an address goes before a login in a farther place: it holds one itself, and not a user alone, whose password is
     * elsewhere.
     *
     * @param login a user, a password or the file of a password
     */
    public static boolean hasLogin(String address, Setting login) {
        return WITH_LOGIN.matcher(address).matches()
                && (login == Setting.REDIS_USER
                        || !WITH_USER_ALONE.matcher(address).matches());
    }

    /** Leaves out the logins that an address makes void. An embedded server asks for none. */
    private static void dropLoginsBehind(SettingValue address, Map<Setting, SettingValue> all) {
        boolean isEmbedded = EMBEDDED.matcher(address.value()).matches();
        for (Setting login : List.of(Setting.REDIS_USER, Setting.REDIS_PASSWORD, Setting.REDIS_PASSWORD_FILE)) {
            SettingValue value = all.get(login);
            if (isEmbedded || (value != null && hasLogin(address.value(), login) && address.isNearerThan(value))) {
                all.remove(login);
            }
        }
    }

    /** @throws SettingException if the same kind of place has both a password and a file with one */
    private static void keepNearestPassword(Map<Setting, SettingValue> all) {
        SettingValue password = all.get(Setting.REDIS_PASSWORD);
        SettingValue file = all.get(Setting.REDIS_PASSWORD_FILE);
        if (password == null || file == null) {
            return;
        }
        if (password.source() == file.source()) {
            throw new SettingException("Settings " + Setting.REDIS_PASSWORD.propertyName() + " in " + password.place()
                    + " and " + Setting.REDIS_PASSWORD_FILE.propertyName() + " in " + file.place()
                    + " are both given; give one of them");
        }
        all.remove(password.isNearerThan(file) ? Setting.REDIS_PASSWORD_FILE : Setting.REDIS_PASSWORD);
    }

    private static Map<String, SettingValue> found(Properties properties, Source source, String place) {
        Set<String> names = new TreeSet<>(properties.stringPropertyNames());
        properties.keySet().stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .forEach(names::add);
        Map<String, SettingValue> found = new TreeMap<>();
        for (String name : names) {
            if (name.startsWith(SettingNames.PREFIX)) {
                if (!SettingNames.isKnown(name)) {
                    throw SettingNames.unknown(name, place);
                }
                found.put(name, new SettingValue(text(properties, name, place), source, place));
            }
        }
        return found;
    }

    private static String text(Properties properties, String name, String place) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new SettingException("Setting " + name + " in " + place + " is not text; accepted is a String");
        }
        return value;
    }
}
