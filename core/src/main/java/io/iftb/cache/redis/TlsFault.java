package io.iftb.cache.redis;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is wrong with a connection that should be encrypted, with the remedy. */
enum TlsFault {
    PLAIN_SERVER("does not speak TLS there", "write redis:// in its address"),
    PLAIN_SENTINEL_OR_SERVER(
            "does not speak TLS there",
            "write redis-sentinel:// in the address if none does; with rediss-sentinel:// the sentinels and the servers"
                    + " need a tls-port and 'tls-replication yes'"),
    PLAIN_NODE(
            "does not speak TLS there",
            "write redis-cluster:// in the address if none does; with rediss-cluster:// all nodes need a tls-port and"
                    + " 'tls-cluster yes'"),
    TLS_SERVER("speaks TLS there", "write rediss:// in its address"),
    TLS_SENTINEL_OR_SERVER(
            "speaks TLS there",
            "write rediss-sentinel:// in the address; sentinels and servers must all speak TLS then"),
    TLS_NODE("speaks TLS there", "write rediss-cluster:// in the address"),
    UNKNOWN_AUTHORITY(
            "has a certificate of an authority that this program does not trust",
            "give the certificate of that authority (iftb.cache.redis.tls.trust-file)"),
    OTHER_NAME(
            "has a certificate for other names than this host",
            "write one of its names in the address (iftb.cache.redis.uri), or give the server a certificate that names"
                    + " this host"),
    OTHER_NAME_OF_SERVER(
            "has a certificate for other names than this host",
            "give it one that names this host, or let it be known by a name of its certificate (the address in"
                    + " iftb.cache.redis.uri for a sentinel; replica-announce-ip and 'sentinel announce-hostnames yes' for"
                    + " a server)"),
    OTHER_NAME_OF_NODE(
            "has a certificate for other names than this host",
            "give it one that names this host, or write a single host name in the address (iftb.cache.redis.uri) that the"
                    + " certificates of all nodes name"),
    EXPIRED("has a certificate that has expired", "renew it on the server"),
    NOT_YET_VALID("has a certificate that is not valid yet", "check the clocks of both machines"),
    CERTIFICATE_WANTED(
            "wants a certificate of this program",
            "give one (iftb.cache.redis.tls.certificate-file and iftb.cache.redis.tls.key-file)"),
    CERTIFICATE_REFUSED(
            "does not accept the certificate of this program",
            "check iftb.cache.redis.tls.certificate-file: whether it has expired, and whether the server knows its"
                    + " authority (tls-ca-cert-file there)"),
    NOTHING_IN_COMMON(
            "has no TLS protocol or cipher in common with this program",
            "compare iftb.cache.redis.tls.protocols and iftb.cache.redis.tls.ciphers here with tls-protocols, tls-ciphers"
                    + " and tls-ciphersuites there"),
    OTHER("does not accept the TLS connection", "check its log and its certificate");

    private static final Pattern NAME = Pattern.compile("^No (subject alternative|name matching).*");
    private static final Pattern NO_TLS =
            Pattern.compile("Unsupported or unrecognized SSL message|not an SSL/TLS record.*", Pattern.DOTALL);
    private static final Pattern ABOUT_CERTIFICATE = Pattern.compile(
            ".*alert: (bad_certificate|unsupported_certificate|certificate_\\w+|unknown_ca|access_denied|decrypt_error).*");
    private static final Pattern ABOUT_CHOICE = Pattern.compile(
            ".*(alert: (protocol_version|insufficient_security|handshake_failure)|No appropriate protocol|protocol version"
                    + "|cipher suite).*");

    private final String what;
    private final String remedy;

    TlsFault(String what, String remedy) {
        this.what = what;
        this.remedy = remedy;
    }

    /**
     * The fault that an exception means; empty if it is not one of TLS.
     *
     * @param tls knows whether a certificate was asked for; null if it cannot be known
     */
    static Optional<TlsFault> in(Throwable thrown, @Nullable Tls tls) {
        boolean isOfTls = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return Optional.of(EXPIRED);
            } else if (cause instanceof CertificateNotYetValidException) {
                return Optional.of(NOT_YET_VALID);
            } else if (cause instanceof CertPathBuilderException) {
                return Optional.of(UNKNOWN_AUTHORITY);
            } else if (cause instanceof CertificateException
                    && NAME.matcher(String.valueOf(cause.getMessage())).matches()) {
                return Optional.of(OTHER_NAME);
            }
            isOfTls |= cause instanceof SSLException;
        }
        return isOfTls ? Optional.of(inMessages(thrown, tls)) : Optional.empty();
    }

    private static TlsFault inMessages(Throwable thrown, @Nullable Tls tls) {
        boolean isAsked = tls != null && tls.isAskedForCertificate();
        boolean hasNone = isAsked && tls != null && !tls.hasCertificate();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (cause instanceof SSLException && NO_TLS.matcher(said).matches()) {
                return PLAIN_SERVER;
            }
            if (said.contains("alert: certificate_required") || hasNone) {
                return CERTIFICATE_WANTED;
            } else if (ABOUT_CERTIFICATE.matcher(said).matches() || (isAsked && said.contains("alert: handshake_f"))) {
                return CERTIFICATE_REFUSED;
            } else if (ABOUT_CHOICE.matcher(said).matches()) {
                return NOTHING_IN_COMMON;
            }
        }
        return OTHER;
    }

    /** The same fault of one of several servers, where the remedy is another one. */
    TlsFault in(ServerMode mode) {
        if (mode == ServerMode.STANDALONE) {
            return this;
        }
        boolean isNode = mode == ServerMode.CLUSTER;
        return switch (this) {
            case PLAIN_SERVER -> isNode ? PLAIN_NODE : PLAIN_SENTINEL_OR_SERVER;
            case TLS_SERVER -> isNode ? TLS_NODE : TLS_SENTINEL_OR_SERVER;
            case OTHER_NAME -> isNode ? OTHER_NAME_OF_NODE : OTHER_NAME_OF_SERVER;
            default -> this;
        };
    }

    /** A sentence with the server, what is wrong and the remedy. */
    String sentence(Object server) {
        return "the server at " + server + " " + what + "; " + remedy;
    }
}
