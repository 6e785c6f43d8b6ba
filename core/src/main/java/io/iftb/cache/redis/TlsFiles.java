package io.iftb.cache.redis;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is trusted, and who this program is, on connections with TLS. Files are read again when they change.
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
public record TlsFiles(
        @Nullable Path trustFile,
        @Nullable String trustPassword,
        @Nullable Path certificateFile,
        @Nullable Path keyFile,
        @Nullable String keyPassword,
        List<String> protocols,
        List<String> ciphers) {

    /** All as the JVM has it, and no certificate of this program. */
    public static final TlsFiles NONE = new TlsFiles(null, null, null, null, null, List.of(), List.of());

    /** Keeps its own lists. */
    public TlsFiles {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /** Omits the passwords. */
    @Override
    public String toString() {
        return "TlsFiles[trustFile=" + trustFile + ", certificateFile=" + certificateFile + ", keyFile=" + keyFile
                + ", protocols=" + protocols + ", ciphers=" + ciphers + "]";
    }
}
