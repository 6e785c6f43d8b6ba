package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority that issues certificates, made at the time of a test by the {@code keytool} of the JDK. */
final class TestAuthority {

    static final String SECRET = "s3cr3t";

    private final Path folder;
    private final String name;
    private final Path store;

    /** @param folder where its files are made */
    TestAuthority(Path folder, String name) throws Exception {
        this.folder = folder;
        this.name = name;
        this.store = folder.resolve(name + "-all.p12");
        keytool("-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c", "-validity", "2");
        write("ca", "CERTIFICATE", folder.resolve(name + ".pem"), List.of(certificate("ca")));
        KeyStore trusting = empty();
        trusting.setCertificateEntry("ca", certificate("ca"));
        save(trusting, trustStore());
    }

    /** The certificate of the authority, PEM. */
    Path certificateFile() {
        return folder.resolve(name + ".pem");
    }

    /** A trust store with the certificate of the authority. */
    Path trustStore() {
        return folder.resolve(name + "-trust.p12");
    }

    /** A certificate with its key, as PEM and as a key store. */
    record Issued(Path certificate, Path key, Path keyStore) {}

    /**
     * Issues a certificate.
     *
     * @param names whom it names, such as {@code dns:localhost}
     * @param from when it begins, such as {@code -3d}; it holds for two days
     */
    Issued issue(String alias, String names, String from) throws Exception {
        keytool(
                "-alias",
                alias,
                "-signer",
                "ca",
                "-dname",
                "CN=" + alias,
                "-ext",
                "SAN=" + names,
                "-startdate",
                from,
                "-validity",
                "2");
        Key key = load().getKey(alias, SECRET.toCharArray());
        Issued issued = new Issued(
                folder.resolve(name + "-" + alias + ".pem"),
                folder.resolve(name + "-" + alias + "-key.pem"),
                folder.resolve(name + "-" + alias + ".p12"));
        write(alias, "CERTIFICATE", issued.certificate, List.of(certificate(alias)));
        Files.writeString(issued.key, pem("PRIVATE KEY", key.getEncoded()));
        KeyStore own = empty();
        own.setKeyEntry(alias, key, SECRET.toCharArray(), new Certificate[] {certificate(alias)});
        save(own, issued.keyStore);
        return issued;
    }

    private static void write(String alias, String kind, Path file, List<Certificate> certificates) throws Exception {
        StringBuilder text = new StringBuilder(alias + "\n");
        for (Certificate each : certificates) {
            text.append(pem(kind, each.getEncoded()));
        }
        Files.writeString(file, text);
    }

    static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    private Certificate certificate(String alias) throws Exception {
        return load().getCertificate(alias);
    }

    private KeyStore load() throws Exception {
        KeyStore loaded = empty();
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, SECRET.toCharArray());
        }
        return loaded;
    }

    private static KeyStore empty() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    private static void save(KeyStore saved, Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            saved.store(out, SECRET.toCharArray());
        }
    }

    private void keytool(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-keyalg", "EC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", SECRET));
        Process making = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(making.getInputStream().readAllBytes(), UTF_8);
        assertThat(making.waitFor()).as(said).isZero();
    }
}
