package io.iftb.cache.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a server: {@code redis://[user:password@]host[:port][/database]}, {@code rediss://…} for TLS, {@code
 * redis+uds://[user:password@]/path/to/socket}, {@code embedded} or {@code embedded:/path/to/folder}. A login without a
 * colon is a user, one that begins with a colon the password of the default user. User and password are percent-encoded
 * if they contain {@code : / @ %}.
 *
 * @param scheme {@code redis}, {@code rediss}, {@code redis+uds} or {@code embedded}
 * @param host the host, the path of the socket, or the data folder of the embedded server, which may be empty
 * @param port the port; 0 if there is none
 * @param user the user; null if there is none
 * @param password the password; null if there is none
 * @param database the database; null if there is none
 */
record ServerAddress(
        String scheme,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        @Nullable Integer database) {

    static final String EMBEDDED = "embedded";
    static final String UNIX_SOCKET = "redis+uds";

    private static final Pattern HOST = Pattern.compile("\\[[0-9A-Fa-f:.]+]|[^\\s:/?#\\[\\]]+");
    private static final Pattern PARAMETERS = Pattern.compile("[?#].*", Pattern.DOTALL);
    private static final Pattern NO_PORT = Pattern.compile("(?<=/):[^/]*|:(?!//|\\d{1,5}(/|$))[^/]*");
    private static final int DEFAULT_PORT = 6379;
    private static final String FORMS =
            "write redis://host:port, rediss://host:port, redis-sentinel://host:port,host:port/name,"
                    + " redis-cluster://host:port,host:port, redis+uds:///path/to/socket, or embedded";

    /** The address of a server that another one has named. */
    static ServerAddress of(boolean isTls, String host, int port) {
        return new ServerAddress(isTls ? "rediss" : "redis", host, port, null, null, null);
    }

    /** @throws IllegalArgumentException if the text is not an address; the message does not contain the password */
    static ServerAddress parse(String text) {
        String trimmed = text.strip();
        if (trimmed.equals(EMBEDDED) || trimmed.startsWith(EMBEDDED + ":")) {
            String folder = trimmed.substring(Math.min(trimmed.length(), EMBEDDED.length() + 1));
            return new ServerAddress(EMBEDDED, folder, 0, null, null, null);
        }
        int separator = trimmed.indexOf("://");
        String scheme = separator < 0
                ? ""
                : trimmed.substring(0, separator).toLowerCase(Locale.ROOT).replaceFirst("^valkey", "redis");
        if (!scheme.equals("redis") && !scheme.equals("rediss") && !scheme.equals(UNIX_SOCKET)) {
            throw refused(text, "has no known scheme");
        }
        String rest = trimmed.substring(separator + 3);
        boolean pathOnly = scheme.equals(UNIX_SOCKET) && rest.startsWith("/");
        int at = pathOnly ? -1 : rest.lastIndexOf('@');
        String login = at < 0 ? "" : rest.substring(0, at);
        String place = rest.substring(at + 1);
        int colon = login.indexOf(':');
        String user = decode(colon < 0 ? login : login.substring(0, colon));
        String password = decode(colon < 0 ? "" : login.substring(colon + 1));
        return scheme.equals(UNIX_SOCKET)
                ? socket(text, place, user, password)
                : network(text, scheme, place, user, password);
    }

    private static ServerAddress socket(String text, String path, @Nullable String user, @Nullable String password) {
        if (!path.startsWith("/")) {
            throw refused(text, "has no absolute path of a socket");
        }
        return new ServerAddress(UNIX_SOCKET, path, 0, user, password, null);
    }

    private static ServerAddress network(
            String text, String scheme, String place, @Nullable String user, @Nullable String password) {
        int slash = place.indexOf('/');
        String hostAndPort = slash < 0 ? place : place.substring(0, slash);
        String databaseText = slash < 0 ? "" : place.substring(slash + 1);
        int colon = hostAndPort.lastIndexOf(':');
        boolean withPort = colon > hostAndPort.lastIndexOf(']');
        String host = withPort ? hostAndPort.substring(0, colon) : hostAndPort;
        if (host.isEmpty()) {
            throw refused(text, "has no host");
        }
        if (!HOST.matcher(host).matches()) {
            throw refused(text, "has no host that is a name, an IPv4 address or an IPv6 address in brackets");
        }
        int port = withPort ? number(text, "port", hostAndPort.substring(colon + 1), 1, 65_535) : DEFAULT_PORT;
        Integer database = databaseText.isEmpty() ? null : number(text, "database", databaseText, 0, Integer.MAX_VALUE);
        return new ServerAddress(scheme, host, port, user, password, database);
    }

    private static int number(String text, String name, String digits, int min, int max) {
        try {
            int number = Integer.parseInt(digits);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        String shown = digits.matches("\\d{1,5}") ? " '" + digits + "'" : "";
        throw refused(text, "has a " + name + shown + " that is not a number from " + min + " to " + max);
    }

    static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("server address '" + withoutSecrets(text) + "' " + why + "; " + FORMS);
    }

    /** Masks all text that may be a password: up to the last {@code @}, in place of a port, or in a parameter. */
    private static String withoutSecrets(String text) {
        int at = text.lastIndexOf('@');
        String place = PARAMETERS.matcher(text.substring(at + 1)).replaceFirst("…");
        return (at < 0 ? "" : "…@") + NO_PORT.matcher(place).replaceAll(":…");
    }

    private static @Nullable String decode(String part) {
        if (part.isEmpty()) {
            return null;
        }
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part; // a bare % in a password
        }
    }

    boolean isEmbedded() {
        return scheme.equals(EMBEDDED);
    }

    boolean isUnixSocket() {
        return scheme.equals(UNIX_SOCKET);
    }

    boolean isTls() {
        return scheme.equals("rediss");
    }

    /** The data folder of the embedded server; null if it stores nothing on disk. */
    @Nullable
    Path folder() {
        return host.isEmpty() ? null : Path.of(host);
    }

    /** The address without user, password and database. */
    @Override
    public String toString() {
        if (isEmbedded()) {
            return EMBEDDED;
        }
        return isUnixSocket() ? scheme + "://" + host : scheme + "://" + host + ":" + port;
    }
}
