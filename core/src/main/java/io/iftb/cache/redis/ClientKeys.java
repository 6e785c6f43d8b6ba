package io.iftb.cache.redis;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of this program, as its files hold it at the time of a handshake, and whether a server has asked for one.
 */
final class ClientKeys extends X509ExtendedKeyManager {

    private final @Nullable FromFiles<X509ExtendedKeyManager> files;
    private volatile boolean asked;

    /** @param files null if there is no certificate */
    ClientKeys(@Nullable FromFiles<X509ExtendedKeyManager> files) {
        this.files = files;
    }

    /** Whether there is a certificate. */
    boolean isGiven() {
        return files != null;
    }

    /** Whether a server has asked for one. */
    boolean isAsked() {
        return asked;
    }

    private @Nullable X509ExtendedKeyManager current() {
        return files == null ? null : files.get();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        asked = true;
        X509ExtendedKeyManager keys = current();
        return keys == null ? null : keys.chooseEngineClientAlias(types, null, engine);
    }

    /** Whatever authorities the server names: it tells a wrong one better than one that is missing. */
    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        asked = true;
        X509ExtendedKeyManager keys = current();
        return keys == null ? null : keys.chooseClientAlias(types, null, socket);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        X509ExtendedKeyManager keys = current();
        return keys == null ? null : keys.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        X509ExtendedKeyManager keys = current();
        return keys == null ? null : keys.getPrivateKey(alias);
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        X509ExtendedKeyManager keys = current();
        return keys == null ? null : keys.getClientAliases(type, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
