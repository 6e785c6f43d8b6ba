package io.iftb.cache.redis;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Error codes of a Redis server, with their meaning and the remedy. */
enum ServerError {
    NOREPLICAS("has too few replicas in reach to take a write (min-replicas-to-write)", "bring the replicas back"),
    MASTERDOWN(
            "is a replica that has lost its primary",
            "give the address of the primary (iftb.cache.redis.uri), or bring it back"),
    READONLY("is a replica, which takes no writes", "give the address of the primary (iftb.cache.redis.uri)"),
    LOADING("is loading its data", "try again when it has started"),
    UNKILLABLE("is busy with a script that has written", "wait for it, or restart the server"),
    BUSY("is busy with a script that runs too long", "wait for it, or end it with SCRIPT KILL"),
    OOM("is out of memory", "raise maxmemory or set an eviction policy"),
    MISCONF("cannot save to its disk and takes no writes", "check its log, or set stop-writes-on-bgsave-error no"),
    NOPERM("does not let this user do that", "grant the command, key or channel to the user with ACL SETUSER"),
    WRONGPASS("refused the login", "check the user and the password"),
    NOAUTH("requires a login", "give a password (and a user, if it has users)"),
    CROSSSLOT("is a node of a Redis Cluster and takes keys of one slot only", "write redis-cluster:// as its address"),
    MOVED("is a node of a Redis Cluster and holds other keys", "write redis-cluster:// as its address"),
    ASK("is a node of a Redis Cluster and holds other keys", "write redis-cluster:// as its address"),
    CLUSTERDOWN("is a node of a Redis Cluster that is down", "bring back the primaries of all slots"),
    TRYAGAIN("is moving its keys to another node", "try again"),
    EXECABORT("dropped a transaction because of a wrong command in it", "use Redis 6.2 or later"),
    DENIED("is in protected mode", "set a password there, or connect from the same machine"),
    NOPROTO("does not speak this protocol", "use Redis 6.2 or later");

    /** Servers repeat the arguments of an unknown command after this text; they may hold a password. */
    static final String ARGUMENTS = ", with args beginning with";

    /** The hash of a script, and the text that servers put around it; Valkey 9 leaves the hash out. */
    private static final Pattern SCRIPT = Pattern.compile(
            "(,? ?script: |\\(call to )?(f_)?[0-9a-f]{40}\\)?(, on @user_script:\\d+)?(: @user_script: ?\\d+: ?)*"
                    + "| script: on @user_script:\\d+");

    /** What servers before 7.2 say instead of an error code. */
    private static final String NO_RIGHT_IN_SCRIPT = "The user executing the script can't";

    /** States in which the server serves nobody, or is no primary any more; it leaves them without a change of the call. */
    private static final Set<ServerError> OUTAGES =
            EnumSet.of(MASTERDOWN, READONLY, LOADING, UNKILLABLE, BUSY, CLUSTERDOWN);

    private final String what;
    private final String remedy;
    private final Pattern word = Pattern.compile("(^|[\\s:-])" + name() + "\\b");

    ServerError(String what, String remedy) {
        this.what = what;
        this.remedy = remedy;
    }

    /** The error code in a server's message, which may be the failure of a script. */
    static Optional<ServerError> in(String said) {
        if (said.contains(NO_RIGHT_IN_SCRIPT)) {
            return Optional.of(NOPERM);
        }
        return Arrays.stream(values())
                .filter(each -> each.word.matcher(said).find())
                .findFirst();
    }

    /** Whether the server is at fault, and not the call. */
    boolean isOutage() {
        return OUTAGES.contains(this);
    }

    /** A sentence with the server, the meaning and the remedy. */
    String sentence(Object server, String said) {
        String details = this == NOPERM ? ": " + withoutScript(said) : "";
        return "Redis at " + server + " " + what + details + "; " + remedy;
    }

    /** A server's message without the hash of a script. */
    static String withoutScript(String said) {
        Matcher script = SCRIPT.matcher(said);
        String rest = script.replaceAll("").strip();
        return rest.endsWith(".") ? rest.substring(0, rest.length() - 1) : rest;
    }

    /** The server's message without arguments, and without what the library adds: channel, command and arguments. */
    static String said(@Nullable String message) {
        String text = until(". channel: ", until(ARGUMENTS, String.valueOf(message)));
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String until(String mark, String text) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }
}
