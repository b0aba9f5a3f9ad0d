package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for this machine, made on the spot, as files in every form. */
public final class TestCertificate {

    public static final String PASSWORD = "changeit";

    private final Path folder;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private TestCertificate(Path folder, X509Certificate certificate, PrivateKey key) {
        this.folder = folder;
        this.certificate = certificate;
        this.key = key;
    }

    /** One that all tests of this process share. */
    public static TestCertificate shared() {
        return Shared.EC;
    }

    /**
     * A new one.
     *
     * @param algorithm of the key, as keytool calls it
     * @param options of keytool's, such as {@code -startdate}
     */
    public static TestCertificate make(String algorithm, String... options) {
        try {
            Path folder = Files.createTempDirectory("certificate");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-J-XX:TieredStopAtLevel=1", // it is over before it would have been compiled well
                    "-J-XX:+UseSerialGC",
                    "-genkeypair",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "SAN=DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    folder.resolve("store.p12").toString(),
                    "-storepass",
                    PASSWORD));
            command.addAll(List.of(options));
            Process keytool = new ProcessBuilder(command).inheritIO().start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new AssertionError("keytool made no certificate");
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
                keys.load(in, PASSWORD.toCharArray());
            }
            String alias = keys.aliases().nextElement();
            X509Certificate certificate = (X509Certificate) keys.getCertificate(alias);
            PrivateKey key = (PrivateKey) keys.getKey(alias, PASSWORD.toCharArray());
            Files.write(folder.resolve("cert.pem"), pem("CERTIFICATE", certificate.getEncoded()));
            Files.write(folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
            return new TestCertificate(folder, certificate, key);
        } catch (IOException | InterruptedException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public Path keystore() {
        return folder.resolve("store.p12");
    }

    public Path certificatePem() {
        return folder.resolve("cert.pem");
    }

    public Path keyPem() {
        return folder.resolve("key.pem");
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey key() {
        return key;
    }

    /** The members of {@code proxy.tls}, but for the port. */
    public String members() {
        return "\"certificate\": \"" + certificatePem() + "\", \"key\": \"" + keyPem() + "\"";
    }

    /** For clients that trust this certificate. */
    public SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("own", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A file in PEM, with {@code label} in its first and last line. */
    public static byte[] pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return ("-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n").getBytes(US_ASCII);
    }

    private static final class Shared {
        static final TestCertificate EC = make("EC");
    }
}
