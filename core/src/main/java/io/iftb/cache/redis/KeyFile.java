package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of certificates and keys, named by a setting: PEM or a key store. All failures name the setting, the file and the
 * remedy.
 *
 * @param setting what the setting is called behind {@code iftb.cache.redis.tls.}
 */
record KeyFile(String setting, Path file) {

    private static final String PREFIX = "iftb.cache.redis.tls.";
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA", "RSASSA-PSS");
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "DSA", "SHA256withDSA");
    private static final char[] NO_PASSWORD = {};

    /** A store with the certificates that are trusted. */
    KeyStore trusted(@Nullable String password) {
        try {
            KeyStore store;
            if (isPem()) {
                store = empty();
                int number = 0;
                for (Certificate certificate : certificates()) {
                    store.setCertificateEntry("trusted-" + number++, certificate);
                }
            } else {
                store = store(password);
            }
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)) {
                    return store;
                }
            }
            throw refused(
                    "holds no trusted certificate; put the certificates of the authorities into it (PEM, or keytool"
                            + " -importcert)",
                    null);
        } catch (GeneralSecurityException | IOException e) {
            throw unreadable(e);
        }
    }

    /** A store with the key of a file of its own and the certificates of this one, under an empty password. */
    KeyStore withKey(KeyFile keyFile) {
        try {
            Collection<? extends Certificate> chain = certificates();
            if (chain.isEmpty()) {
                throw refused(
                        "holds no certificate; give one in PEM, or leave out " + PREFIX + keyFile.setting
                                + " if it is a key store",
                        null);
            }
            PrivateKey key = keyFile.key();
            if (!isPair(key, chain.iterator().next().getPublicKey())) {
                throw keyFile.refused(
                        "holds another key than that of the certificate in '" + file + "'; put both there", null);
            }
            KeyStore store = empty();
            store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw unreadable(e);
        }
    }

    /** Whether the one proves what the other has signed. */
    private static boolean isPair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(key.getAlgorithm());
        String other = SIGNATURES.get(certified.getAlgorithm());
        if (algorithm == null || other == null) {
            return true; // the first handshake tells
        }
        if (!algorithm.equals(other)) {
            return false;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        try {
            return signature.verify(signed);
        } catch (SignatureException ofAnotherLength) {
            return false;
        }
    }

    /** The key store that this file is. */
    KeyStore keys(@Nullable String password) {
        try {
            if (isPem()) {
                throw refused("holds certificates in PEM; give the key of the first in " + PREFIX + "key-file", null);
            }
            KeyStore store = store(password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    return store;
                }
            }
            throw refused("holds no key; make it with a certificate and its key (openssl pkcs12 -export)", null);
        } catch (GeneralSecurityException | IOException e) {
            throw unreadable(e);
        }
    }

    private KeyStore store(@Nullable String password) throws GeneralSecurityException, IOException {
        try {
            return KeyStore.getInstance(file.toFile(), password == null ? NO_PASSWORD : password.toCharArray());
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw refused(
                        "cannot be opened with " + (password == null ? "no" : "this") + " password; set " + PREFIX
                                + (setting.equals("trust-file") ? "trust-password" : "key-password"),
                        e);
            }
            throw e;
        }
    }

    private boolean isPem() throws IOException {
        return Files.readString(file, ISO_8859_1).contains("-----BEGIN ");
    }

    private Collection<? extends Certificate> certificates() throws GeneralSecurityException, IOException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private PrivateKey key() {
        try {
            Matcher found = KEY.matcher(Files.readString(file, ISO_8859_1));
            if (!found.find()) {
                throw refused("holds no key in PEM; write one there (-----BEGIN PRIVATE KEY-----)", null);
            }
            if (!found.group(1).isEmpty()) {
                throw refused(
                        "holds '" + found.group(1)
                                + "PRIVATE KEY', and a plain key of PKCS#8 is needed; convert it: openssl"
                                + " pkcs8 -topk8 -nocrypt -in key.pem -out key.pkcs8.pem",
                        null);
            }
            PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(decoded(found.group(2)));
            for (String algorithm : ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (InvalidKeySpecException otherAlgorithm) {
                    // the next one
                }
            }
            throw refused("holds a key that is none of " + ALGORITHMS + "; make it again with openssl genpkey", null);
        } catch (GeneralSecurityException | IOException e) {
            throw unreadable(e);
        }
    }

    private byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw refused("holds a key that is cut short or changed, it is not base64; copy it there again", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private IllegalArgumentException unreadable(Exception e) {
        return refused("cannot be read (" + e + "); give PEM, PKCS#12 or JKS", e);
    }

    private IllegalArgumentException refused(String what, @Nullable Exception cause) {
        return new IllegalArgumentException("the file '" + file + "' of " + PREFIX + setting + " " + what, cause);
    }
}
