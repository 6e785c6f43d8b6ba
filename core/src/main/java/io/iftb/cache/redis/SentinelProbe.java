package io.iftb.cache.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a sentinel for a primary.
 *
 * @param address where the sentinel listens
 * @param server talks to it
 */
record SentinelProbe(ServerAddress address, ServerProbe server) {

    /**
     * What a sentinel says.
     *
     * @param primary where the primary is
     * @param wantsLogin whether the sentinel wanted a login
     */
    record Answer(ServerAddress primary, boolean wantsLogin) {}

    /**
     * Asks where a primary is. Many sentinels want no login.
     *
     * @throws RedisServerException if it is no sentinel, or does not know the primary
     */
    Answer primary(String name) {
        return server.talk(probe -> {
            Object hello = probe.call("HELLO", "2");
            boolean wantsLogin = hello instanceof String said && said.startsWith("-NOAUTH");
            if (wantsLogin) {
                hello = server.hello(probe);
            }
            if (!(hello instanceof List<?> properties)) {
                throw server.refused(String.valueOf(hello));
            }
            if (!ServerProbe.property(properties, "mode").equals("sentinel")) {
                throw server.refusal(
                        "is no sentinel; write " + address + " if it is the server, or the addresses of the sentinels");
            }
            Object found = probe.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name);
            if (found instanceof List<?> place && place.size() == 2) {
                int port = Integer.parseInt(String.valueOf(place.get(1)));
                return new Answer(ServerAddress.of(address.isTls(), String.valueOf(place.get(0)), port), wantsLogin);
            }
            String others = watched(probe);
            throw server.refusal("is a sentinel that watches no primary '" + name + "'"
                    + (others.isEmpty() ? "" : ", but " + others));
        });
    }

    /** The names of the primaries that a sentinel watches; empty if there are none. */
    static String watched(RespProbe probe) throws IOException {
        List<String> names = new ArrayList<>();
        if (probe.callForAll("SENTINEL", "MASTERS") instanceof List<?> primaries) {
            for (Object each : primaries) {
                names.add(each instanceof List<?> properties ? ServerProbe.property(properties, "name") : "?");
            }
        }
        return String.join(", ", names);
    }
}
