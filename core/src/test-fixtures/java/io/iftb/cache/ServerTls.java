package io.iftb.cache;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * The certificate of test servers that listen on a port with TLS too, and use TLS among themselves.
 *
 * @param certificate PEM
 * @param key of the certificate, PEM
 * @param authority whom the servers trust among themselves, PEM
 */
public record ServerTls(Path certificate, Path key, Path authority) {

    private static final int BUS = 10_000;

    /** What a server has to be told, in the words of its configuration file, without the port. */
    public List<String> lines() {
        return List.of(
                "tls-cert-file " + certificate,
                "tls-key-file " + key,
                "tls-ca-cert-file " + authority,
                "tls-auth-clients no",
                "tls-replication yes");
    }

    /** The same as arguments. */
    public List<String> arguments(int port) {
        return Stream.concat(
                        Stream.of("--tls-port", Integer.toString(port)),
                        lines().stream().flatMap(line -> {
                            int space = line.indexOf(' ');
                            return Stream.of("--" + line.substring(0, space), line.substring(space + 1));
                        }))
                .toList();
    }

    /** A port that is free, with that of a cluster bus above it; below those of servers without TLS. */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(11_000, 20_000);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
