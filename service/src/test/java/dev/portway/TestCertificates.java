package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Certificates made by the JDK's own keytool when a test first asks, so that no key is in the repository: an authority; one it
 * signed for {@code localhost} and 127.0.0.1, one for {@code app.example}, one for a client; and one that signed itself.
 */
public final class TestCertificates {

    public static final String LOCALHOST = "localhost";
    public static final String EXAMPLE = "example";
    public static final String CLIENT = "client";
    public static final String LONER = "loner";

    private static final String PASSWORD = "for-tests";
    private static final TestCertificates MADE = new TestCertificates();

    private final Path folder;
    private final KeyStore store;

    private TestCertificates() {
        try {
            this.folder = Files.createTempDirectory("portway-certificates");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("all.p12");
            generate(file, "ca", "CN=Test authority", "-ext", "bc:c");
            generate(file, LOCALHOST, "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-signer", "ca");
            generate(file, EXAMPLE, "CN=app.example", "-ext", "san=dns:app.example", "-signer", "ca");
            generate(file, CLIENT, "CN=client", "-signer", "ca");
            generate(file, LONER, "CN=loner", "-ext", "san=dns:loner");
            this.store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void generate(Path store, String alias, String name, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", // it is over before it would have been compiled well
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-alias", alias));
        command.addAll(List.of("-dname", name));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError("keytool failed: " + command);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The authority's certificate as PEM. */
    public static Path authority() {
        return certificate("ca");
    }

    /** The chain of one of them as PEM. */
    public static Path certificate(String alias) {
        try {
            StringBuilder pem = new StringBuilder();
            for (Certificate certificate : MADE.store.getCertificateChain(alias)) {
                pem.append(block("CERTIFICATE", certificate.getEncoded()));
            }
            return Files.writeString(MADE.folder.resolve(alias + ".pem"), pem, US_ASCII);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The private key of one of them as PEM. */
    public static Path key(String alias) {
        try {
            Key key = MADE.store.getKey(alias, PASSWORD.toCharArray());
            return Files.writeString(
                    MADE.folder.resolve(alias + ".key"), block("PRIVATE KEY", key.getEncoded()), US_ASCII);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A store with one of them and its key, and the authority to trust; its password is {@link #password}. */
    public static KeyStore store(String alias) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    alias,
                    MADE.store.getKey(alias, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    MADE.store.getCertificateChain(alias));
            store.setCertificateEntry("ca", MADE.store.getCertificate("ca"));
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String password() {
        return PASSWORD;
    }

    /** The pin of one of them: {@code sha256/} and the hash of its public key. */
    public static String pin(String alias) {
        try {
            byte[] key = MADE.store.getCertificate(alias).getPublicKey().getEncoded();
            return "sha256/"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }
}
