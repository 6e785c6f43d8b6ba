package io.iftb.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is agreed with the server on one connection: the protocol, the tracked prefixes, and that its fence holds. All methods
 * run in the thread of the connection.
 */
final class TrackingSession implements TrackingChannel.Owner {

    /** How often a test is tried again that the server refused. */
    private static final int BEATS_TO_TEST = 60;

    private static final List<String> PING = List.of("PING");
    private static final List<String> ROLE = List.of("ROLE");
    private static final String TRACKING = "CLIENT TRACKING";
    private static final String INFO = "CLIENT TRACKINGINFO";

    private final TrackingEndpoint endpoint;
    private final String server;
    private final long silenceNanos;
    private final Events events;
    private final TrackingChannel channel;
    private final PrefixSet prefixes = new PrefixSet();
    private final FenceProof test;

    private int protocol = 3;
    private long id;
    private boolean standing;
    private boolean mayAskRole = true;
    private int beats;

    /**
     * @param silence how long the server may leave a command unanswered
     * @param testWrite writes a key on another connection
     * @param isHere whether it writes a key to this server
     */
    TrackingSession(
            TrackingEndpoint endpoint,
            Duration silence,
            Function<String, CompletableFuture<?>> testWrite,
            Predicate<String> isHere,
            Events events) {
        this.endpoint = endpoint;
        this.server = endpoint.address().toString();
        this.silenceNanos = silence.toNanos();
        this.events = events;
        this.channel = new TrackingChannel(server, this);
        this.test = new FenceProof(server, channel, testWrite, isHere);
    }

    /** What becomes of a session. */
    interface Events {

        /** The prefixes to track, none of which begins with another. */
        List<String> wanted(PrefixSet tracked);

        /** The prefixes that are wanted are tracked. All that was written since then and acknowledged before a time was heard. */
        void armed(TrackingSession session, long heardNanos);

        /** The fence was tested again while the session stood. */
        void tested(@Nullable String unproven);

        /** A fence was answered. */
        void heard(long sentNanos);

        void changed(String key);

        void flushed();

        void ended(TrackingSession session, TrackingTrouble why);
    }

    TrackingChannel channel() {
        return channel;
    }

    PrefixSet prefixes() {
        return prefixes;
    }

    /** Why fences are not to be trusted; null if they are. */
    @Nullable
    String unproven() {
        return test.unproven();
    }

    /** Whether prefixes can be added: a connection that subscribed in RESP2 takes no such command. */
    boolean takesPrefixes() {
        return protocol == 3;
    }

    @Override
    public void opened() {
        hello();
    }

    private void hello() {
        var unused = endpoint.login().password(endpoint.executor()).thenAcceptAsync(this::hello, channel.thread());
    }

    private void hello(@Nullable String password) {
        List<String> command = new ArrayList<>(List.of("HELLO", Integer.toString(protocol)));
        if (password != null) {
            String user = endpoint.login().user();
            command.addAll(List.of("AUTH", user == null ? "default" : user, password));
        }
        command.addAll(List.of("SETNAME", "iftb-cache-tracking"));
        channel.send(this::greeted, command);
    }

    private void greeted(@Nullable Object reply, long sentNanos) {
        ServerProbe probe = new ServerProbe(
                endpoint.address(), endpoint.login(), null, Deadline.after(endpoint.connectTimeout()), endpoint.mode());
        if (reply instanceof RespReader.Failure failure) {
            boolean isLogin = ServerError.in(failure.text())
                    .filter(error -> error == ServerError.WRONGPASS || error == ServerError.NOAUTH)
                    .isPresent();
            if (protocol == 3 && !isLogin) {
                protocol = 2;
                hello();
            } else {
                String sentence =
                        String.valueOf(probe.refused("-" + failure.text()).getMessage());
                channel.end(TrackingTrouble.refusedLogin(
                        sentence, failure.text(), endpoint.login().mayChange()));
            }
            return;
        }
        List<?> properties = reply instanceof List<?> list ? list : List.of();
        try {
            probe.requirePrimary(properties);
            id = Long.parseLong(ServerProbe.property(properties, "id"));
        } catch (NumberFormatException e) {
            channel.end(TrackingTrouble.wrong(server, "does not answer HELLO with the number of the connection"));
            return;
        } catch (RedisServerException e) {
            boolean isOtherKind = ServerProbe.property(properties, "role").equals("master");
            channel.end(new TrackingTrouble(
                    String.valueOf(e.getMessage()),
                    isOtherKind ? TrackingTrouble.Kind.LASTING : TrackingTrouble.Kind.PASSING));
            return;
        }
        track();
    }

    /** Tracks the prefixes that are wanted and not yet tracked. */
    void track() {
        List<String> more = events.wanted(prefixes);
        if (more.isEmpty()) {
            confirmed(more);
            return;
        }
        List<String> command = new ArrayList<>(List.of("CLIENT", "TRACKING", "ON"));
        if (protocol == 2) {
            command.addAll(List.of("REDIRECT", Long.toString(id)));
        }
        command.add("BCAST");
        more.forEach(prefix -> command.addAll(List.of("PREFIX", prefix)));
        channel.send(
                (reply, sent) -> {
                    if (!isRefused(TRACKING, reply)) {
                        channel.send((info, at) -> informed(info, more), List.of("CLIENT", "TRACKINGINFO"));
                    }
                },
                command);
    }

    /** Takes nothing on trust: a server that forgot a prefix would say nothing for ever. */
    private void informed(@Nullable Object reply, List<String> more) {
        if (isRefused(INFO, reply)) {
            return;
        }
        List<?> info = reply instanceof List<?> list ? list : List.of();
        boolean right = listOf(info, "flags").containsAll(List.of("on", "bcast"))
                && listOf(info, "prefixes").containsAll(more)
                && (protocol == 2 ? Long.valueOf(id) : Long.valueOf(0)).equals(after(info, "redirect"));
        if (!right) {
            channel.end(TrackingTrouble.wrong(server, "says by " + INFO + " that it does not track what it was asked"));
        } else if (protocol == 2) {
            channel.send(
                    (subscribed, sent) -> {
                        if (!isRefused("SUBSCRIBE " + RespReader.CHANNEL, subscribed)) {
                            confirmed(more);
                        }
                    },
                    List.of("SUBSCRIBE", RespReader.CHANNEL));
        } else {
            confirmed(more);
        }
    }

    private static List<?> listOf(List<?> properties, String name) {
        return after(properties, name) instanceof List<?> list ? list : List.of();
    }

    private static @Nullable Object after(List<?> properties, String name) {
        int at = properties.indexOf(name);
        return at >= 0 && at + 1 < properties.size() ? properties.get(at + 1) : null;
    }

    private boolean isRefused(String command, @Nullable Object reply) {
        if (reply instanceof RespReader.Failure failure) {
            channel.end(TrackingTrouble.refused(server, command, failure.text()));
            return true;
        }
        return false;
    }

    private void confirmed(List<String> more) {
        prefixes.addAll(more);
        if (standing) {
            fence((reply, sent) -> events.armed(this, sent));
        } else {
            test.run(this::stand);
        }
    }

    private void stand() {
        if (standing) {
            events.tested(test.unproven());
        } else {
            fence((reply, sent) -> {
                standing = true;
                events.armed(this, sent);
                channel.later(KeyTracking.FENCE_INTERVAL.toNanos(), this::beat);
            });
        }
    }

    /**
     * Sends a command that changes nothing. An error is an answer too: it comes in its turn like any other. A primary that was
     * demoted does not know what the new one has acknowledged, so its answer is none.
     */
    void fence(TrackingChannel.Answer then) {
        boolean asksRole = mayAskRole && protocol == 3;
        channel.send(
                (reply, sent) -> {
                    if (asksRole && isDemoted(reply)) {
                        channel.end(TrackingTrouble.demoted(server));
                        return;
                    }
                    events.heard(sent);
                    then.answered(reply, sent);
                },
                asksRole ? ROLE : PING);
    }

    /** Whether a reply to {@code ROLE} is not that of a primary. Who may not ask does not ask again. */
    private boolean isDemoted(@Nullable Object reply) {
        if (reply instanceof RespReader.Failure failure) {
            mayAskRole = failure.text().startsWith(ServerError.BUSY.name());
            return false;
        }
        return !(reply instanceof List<?> role && role.indexOf("master") == 0);
    }

    /** The fence of each interval. */
    private void beat() {
        fence((reply, sent) -> {});
        channel.later(silenceNanos, () -> channel.endIfSilent(silenceNanos));
        channel.later(KeyTracking.FENCE_INTERVAL.toNanos(), this::beat);
        if (test.unproven() != null && ++beats % BEATS_TO_TEST == 0) {
            test.run(this::stand);
        }
    }

    @Override
    public void changed(String key) {
        test.changed(key);
        events.changed(key);
    }

    @Override
    public void flushed() {
        events.flushed();
    }

    @Override
    public void ended(TrackingTrouble why) {
        events.ended(this, why);
    }
}
