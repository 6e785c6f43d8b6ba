package io.iftb.cache.settings;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is trusted, and who this program is, on connections with TLS ({@code rediss://}). Immutable. Files are read again when
 * they change.
 *
 * @param trustFile certificates of authorities (PEM), or a trust store (PKCS#12, JKS); null for the trust of the JVM
 * @param trustPassword the password of the trust store; null for none
 * @param certificateFile the certificate of this program with those that lead to its authority (PEM), or a key store
 *     (PKCS#12, JKS) that holds its key too; null for none
 * @param keyFile the key of the certificate (PEM with PKCS#8, not encrypted); null for a key store
 * @param keyPassword the password of the key store; null for none
 * @param protocols the protocols to use, such as {@code TLSv1.3}; empty for those of the JVM
 * @param ciphers the cipher suites to use; empty for those of the JVM
 */
public record TlsSettings(
        @Nullable Path trustFile,
        @Nullable String trustPassword,
        @Nullable Path certificateFile,
        @Nullable Path keyFile,
        @Nullable String keyPassword,
        List<String> protocols,
        List<String> ciphers) {

    /** The trust of the JVM, and no certificate of this program. */
    public static final TlsSettings DEFAULT = new TlsSettings(null, null, null, null, null, List.of(), List.of());

    /** Keeps its own lists. */
    public TlsSettings {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /** The same with another file of trusted certificates, PEM or a store. */
    public TlsSettings withTrustFile(@Nullable Path file) {
        return new TlsSettings(file, trustPassword, certificateFile, keyFile, keyPassword, protocols, ciphers);
    }

    /** The same with another password of the trust store. */
    public TlsSettings withTrustPassword(@Nullable String password) {
        return new TlsSettings(trustFile, password, certificateFile, keyFile, keyPassword, protocols, ciphers);
    }

    /** The same with another certificate of this program, PEM or a store. */
    public TlsSettings withCertificateFile(@Nullable Path file) {
        return new TlsSettings(trustFile, trustPassword, file, keyFile, keyPassword, protocols, ciphers);
    }

    /** The same with another key of the certificate, PEM with PKCS#8. */
    public TlsSettings withKeyFile(@Nullable Path file) {
        return new TlsSettings(trustFile, trustPassword, certificateFile, file, keyPassword, protocols, ciphers);
    }

    /** The same with another password of the key store. */
    public TlsSettings withKeyPassword(@Nullable String password) {
        return new TlsSettings(trustFile, trustPassword, certificateFile, keyFile, password, protocols, ciphers);
    }

    /** The same with other protocols; empty for those of the JVM. */
    public TlsSettings withProtocols(List<String> names) {
        return new TlsSettings(trustFile, trustPassword, certificateFile, keyFile, keyPassword, names, ciphers);
    }

    /** The same with other cipher suites; empty for those of the JVM. */
    public TlsSettings withCiphers(List<String> names) {
        return new TlsSettings(trustFile, trustPassword, certificateFile, keyFile, keyPassword, protocols, names);
    }

    /** Omits the passwords. */
    @Override
    public String toString() {
        return "TlsSettings[trustFile=" + trustFile + ", certificateFile=" + certificateFile + ", keyFile=" + keyFile
                + ", protocols=" + protocols + ", ciphers=" + ciphers + "]";
    }
}
