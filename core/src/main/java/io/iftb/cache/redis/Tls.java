package io.iftb.cache.redis;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.redisson.config.Config;

/**
 * The encryption of all connections to a server: those of the client library, and our own. Each handshake uses the files as
 * they are then, and checks that the certificate of the server names its host. Safe for use by several threads.
 */
final class Tls {

    /** How often the files are looked at, so that connections of before can be closed. */
    static final int LOOK_SECONDS = 5;

    private static final char[] NO_PASSWORD = {};

    private final TlsFiles settings;
    private final @Nullable FromFiles<X509ExtendedTrustManager> trust;
    private final @Nullable FromFiles<X509ExtendedKeyManager> keys;
    private final ClientKeys clientKeys;
    private final @Nullable String name;

    /** @throws IllegalArgumentException if a file is not as it should be; the message names its setting and the remedy */
    Tls(TlsFiles settings) {
        this.settings = settings;
        this.trust = trust(settings);
        this.keys = keys(settings);
        this.clientKeys = new ClientKeys(keys);
        this.name = null;
    }

    /** The same, which no server has asked for a certificate yet. */
    Tls unasked() {
        return new Tls(this, name);
    }

    private Tls(Tls same, @Nullable String name) {
        this.settings = same.settings;
        this.trust = same.trust;
        this.keys = same.keys;
        this.clientKeys = new ClientKeys(same.keys);
        this.name = name;
    }

    /**
     * The same, where the certificate of a server has to have another name than that of the host it is reached at.
     *
     * @param other the name; null for that of the host
     */
    Tls checking(@Nullable String other) {
        return new Tls(this, other);
    }

    private static @Nullable FromFiles<X509ExtendedTrustManager> trust(TlsFiles settings) {
        Path file = settings.trustFile();
        if (file == null) {
            return null;
        }
        KeyFile from = new KeyFile("trust-file", file);
        return new FromFiles<>(List.of(file), () -> {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(from.trusted(settings.trustPassword()));
                return only(factory.getTrustManagers(), X509ExtendedTrustManager.class);
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("the certificates of '" + file + "' cannot be used: " + e, e);
            }
        });
    }

    private static @Nullable FromFiles<X509ExtendedKeyManager> keys(TlsFiles settings) {
        Path file = settings.certificateFile();
        Path keyFile = settings.keyFile();
        if (file == null) {
            if (keyFile != null) {
                throw new IllegalArgumentException("iftb.cache.redis.tls.key-file is set without a certificate; set"
                        + " iftb.cache.redis.tls.certificate-file too");
            }
            return null;
        }
        KeyFile from = new KeyFile("certificate-file", file);
        List<Path> files = Stream.of(file, keyFile)
                .filter(Objects::nonNull)
                .map(Path.class::cast)
                .toList();
        return new FromFiles<>(files, () -> {
            String password = keyFile == null ? settings.keyPassword() : null;
            KeyStore store = keyFile == null ? from.keys(password) : from.withKey(new KeyFile("key-file", keyFile));
            try {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, password == null ? NO_PASSWORD : password.toCharArray());
                return only(factory.getKeyManagers(), X509ExtendedKeyManager.class);
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("the key of '" + file + "' cannot be used: " + e, e);
            }
        });
    }

    private static <M> M only(Object[] managers, Class<M> type) {
        return Arrays.stream(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this JVM has no " + type.getName()));
    }

    /** Whether this program has a certificate. */
    boolean hasCertificate() {
        return clientKeys.isGiven();
    }

    /** Whether a server has asked for the certificate of this program. */
    boolean isAskedForCertificate() {
        return clientKeys.isAsked();
    }

    /** Looks at the files; returns how often they have changed. */
    int version() {
        return (trust == null ? 0 : trust.version()) + (keys == null ? 0 : keys.version());
    }

    /** The same for the connections of the client library, which asks these for each. */
    void applyTo(Config config) {
        if (trust != null) {
            config.setSslTrustManagerFactory(new Trusting(new ReloadedTrust(trust)));
        }
        if (keys != null) {
            config.setSslKeyManagerFactory(new Identifying(clientKeys));
        }
        if (!settings.protocols().isEmpty()) {
            config.setSslProtocols(settings.protocols().toArray(new String[0]));
        }
        if (!settings.ciphers().isEmpty()) {
            config.setSslCiphers(settings.ciphers().toArray(new String[0]));
        }
    }

    /** The client's side of a connection. */
    SSLEngine engine(String host, int port) {
        SSLEngine engine = context().createSSLEngine(name == null ? host : name, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters(engine.getSSLParameters()));
        return engine;
    }

    /** The same over a socket that is connected. */
    SSLSocket over(Socket socket, String host, int port) throws IOException {
        SSLSocket encrypted =
                (SSLSocket) context().getSocketFactory().createSocket(socket, name == null ? host : name, port, true);
        encrypted.setSSLParameters(parameters(encrypted.getSSLParameters()));
        return encrypted;
    }

    /** What a connection may use, and that the certificate of the server has to name its host. */
    private SSLParameters parameters(SSLParameters parameters) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!settings.protocols().isEmpty()) {
            parameters.setProtocols(settings.protocols().toArray(new String[0]));
        }
        if (!settings.ciphers().isEmpty()) {
            parameters.setCipherSuites(settings.ciphers().toArray(new String[0]));
        }
        return parameters;
    }

    /** One for each connection: a session that goes on would not look at certificates that have changed. */
    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {clientKeys},
                    trust == null ? null : new TrustManager[] {new ReloadedTrust(trust)},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot speak TLS: " + e.getMessage(), e);
        }
    }

    /** Gives the client library our trust. */
    private static final class Trusting extends SimpleTrustManagerFactory {

        private final TrustManager manager;

        Trusting(TrustManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store) {}

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {}

        @Override
        protected TrustManager[] engineGetTrustManagers() {
            return new TrustManager[] {manager};
        }
    }

    /** Gives the client library our certificate. */
    private static final class Identifying extends SimpleKeyManagerFactory {

        private final KeyManager manager;

        Identifying(KeyManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {}

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }
}
