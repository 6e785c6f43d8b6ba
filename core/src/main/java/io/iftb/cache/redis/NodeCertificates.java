package io.iftb.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the certificates of all primaries of a Redis Cluster before the client library connects: it would leave out a
 * primary whose certificate it does not accept, and calls would say that nobody serves its slots.
 *
 * @param uri the address of some nodes
 * @param tls how to encrypt
 * @param deadline the end of the connect timeout
 */
record NodeCertificates(ServerUri uri, Login login, Tls tls, Deadline deadline) {

    /** In a line of {@code CLUSTER NODES}: {@code ip:port@busport[,hostname]}, and what is known of the node. */
    private static final int ADDRESS = 1;

    private static final int FLAGS = 2;

    /**
     * Fails if a primary that answers does not speak TLS as it should. Whether all answer is not asked here.
     *
     * @param node one that answers
     * @throws RedisUnavailableException with a sentence that names the primary
     */
    void require(ServerAddress node) {
        List<ServerAddress> primaries = primaries(node);
        int left = primaries.size();
        for (ServerAddress each : primaries) {
            Deadline limit = Deadline.after(Duration.ofNanos(deadline.remainingNanos() / left));
            left--;
            try {
                var unused = new ServerProbe(each, login, tls.checking(uri.commonName()), limit, uri.mode())
                        .talk(open -> true);
            } catch (RedisUnavailableException e) {
                if (TlsFault.in(e, tls).isPresent()) {
                    throw e;
                }
            }
        }
    }

    private List<ServerAddress> primaries(ServerAddress node) {
        ServerProbe server = new ServerProbe(node, login, tls, deadline, uri.mode());
        String said = server.talk(probe -> {
            var unused = server.hello(probe);
            return String.valueOf(probe.callForAll("CLUSTER", "NODES"));
        });
        List<ServerAddress> primaries = new ArrayList<>();
        for (String line : said.lines().toList()) {
            String[] fields = line.split(" ", -1);
            boolean isPrimary = fields.length > FLAGS
                    && List.of(fields[FLAGS].split(",", -1)).contains("master");
            if (isPrimary && !fields[FLAGS].contains("fail") && !fields[FLAGS].contains("noaddr")) {
                add(fields[ADDRESS].split("[@,]", -1)[0], primaries);
            }
        }
        return primaries;
    }

    private static void add(String place, List<ServerAddress> all) {
        int colon = place.lastIndexOf(':');
        if (colon > 0) { // a node that has not met another does not know its own address
            all.add(ServerAddress.of(true, place.substring(0, colon), Integer.parseInt(place.substring(colon + 1))));
        }
    }
}
