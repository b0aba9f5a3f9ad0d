package dev.portway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code proxy.tls} may name, and what is said of files that are no good. */
final class TlsConfigTest {

    private static final TestCertificate OWN = TestCertificate.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void takesACertificateAndItsKey(String algorithm) {
        TestCertificate made = TestCertificate.make(algorithm);

        TlsConfig tls = tls(read(made.members()));

        assertThat(tls.port()).isEqualTo(8443);
        assertThat(tls.identity().chain()).containsExactly(made.certificate());
        assertThat(tls.identity().key().getEncoded()).isEqualTo(made.key().getEncoded());
    }

    @Test
    void takesACertificateWithThoseThatVouchForItAndWordsInBetween() throws Exception {
        TestCertificate other = TestCertificate.make("EC");
        Files.writeString(
                folder.resolve("chain.pem"),
                "subject=own\n" + Files.readString(OWN.certificatePem()) + "subject=other\n"
                        + Files.readString(other.certificatePem()));

        TlsConfig tls = tls(read(pem("chain.pem", OWN.keyPem())));

        assertThat(tls.identity().chain()).containsExactly(OWN.certificate(), other.certificate());
    }

    @Test
    void takesPathsRelativeToTheFolderOfTheFile() throws Exception {
        Files.copy(OWN.certificatePem(), folder.resolve("cert.pem"));
        Files.copy(OWN.keyPem(), folder.resolve("key.pem"));

        assertThat(tls(read("\"certificate\": \"cert.pem\", \"key\": \"key.pem\""))
                        .identity()
                        .chain())
                .containsExactly(OWN.certificate());
    }

    @Test
    void takesAKeystore() {
        ReadResult result = read("\"keystore\": \"" + OWN.keystore() + "\", \"password\": \"${STORE_PASSWORD}\"");

        assertThat(result.warnings()).isEmpty();
        assertThat(tls(result).identity().chain()).containsExactly(OWN.certificate());
        assertThat(tls(result).identity().key()).isEqualTo(OWN.key());
    }

    @Test
    void doesNotSayTheKey() {
        String text = tls(read(OWN.members())).toString();

        assertThat(text).isEqualTo("TlsConfig[port=8443, clients=null, identity=TlsIdentity[CN=localhost]]");
    }

    @Test
    void warnsOfAPasswordInTheFile() {
        ReadResult result =
                read("\"keystore\": \"" + OWN.keystore() + "\", \"password\": \"" + TestCertificate.PASSWORD + "\"");

        assertThat(result.errors()).isEmpty();
        assertThat(result.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).startsWith("a secret stands in the file"));
    }

    @Test
    void warnsOfACertificateThatHasExpired() {
        TestCertificate expired = TestCertificate.make("EC", "-startdate", "-10d", "-validity", "1");

        ReadResult result = read(expired.members());

        assertThat(result.errors()).isEmpty();
        assertThat(result.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.pointer()).isEqualTo("/proxy/tls/certificate");
            assertThat(warning.message()).contains("expired on").contains("clients will refuse it");
        });
    }

    @Test
    void warnsOfACertificateThatIsNotValidYet() {
        TestCertificate future = TestCertificate.make("EC", "-startdate", "+10d");

        assertThat(read(future.members()).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("is valid only from"));
    }

    @Test
    void refusesAWrongPassword() {
        assertRefused(
                read("\"keystore\": \"" + OWN.keystore() + "\", \"password\": \"${OTHER}\""),
                "/proxy/tls/keystore",
                "does not open with this password");
    }

    @Test
    void refusesWhatIsNoKeystore() {
        assertRefused(
                read("\"keystore\": \"" + OWN.certificatePem() + "\""), "/proxy/tls/keystore", "is not a keystore");
    }

    @Test
    void refusesTheKeyOfAnotherCertificate() {
        TestCertificate other = TestCertificate.make("EC");

        assertRefused(
                read(pem(OWN.certificatePem(), other.keyPem())),
                "/proxy/tls/key",
                "is not the key of the certificate (expected: the key that the certificate was made for)");
    }

    @Test
    void refusesAChainInTheWrongOrder() throws Exception {
        TestCertificate other = TestCertificate.make("RSA");
        Files.writeString(
                folder.resolve("chain.pem"),
                Files.readString(other.certificatePem()) + Files.readString(OWN.certificatePem()));

        assertRefused(
                read(pem("chain.pem", OWN.keyPem())),
                "/proxy/tls/key",
                "(expected: the certificate of this key first in the file");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA PRIVATE KEY, 'an older form, RSA PRIVATE KEY (expected: a private key in PEM'",
        "EC PRIVATE KEY, openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW",
        "ENCRYPTED PRIVATE KEY, holds a key that needs a password",
        "PUBLIC KEY, holds no private key"
    })
    void namesTheFormOfAKeyThatItDoesNotRead(String label, String message) throws Exception {
        Files.write(
                folder.resolve("key.pem"), TestCertificate.pem(label, OWN.key().getEncoded()));

        assertRefused(read(pem(OWN.certificatePem(), "key.pem")), "/proxy/tls/key", message);
    }

    @Test
    void refusesDamagedFiles() throws Exception {
        Files.writeString(folder.resolve("cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Files.writeString(folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAA\n-----END PRIVATE KEY-----\n");

        ReadResult result = read("\"certificate\": \"cert.pem\", \"key\": \"key.pem\"");

        assertThat(result.errors())
                .extracting(Problem::pointer)
                .containsExactly("/proxy/tls/certificate", "/proxy/tls/key");
        assertThat(result.errors())
                .extracting(Problem::message)
                .allSatisfy(message -> assertThat(message).contains("damaged"));
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertRefused(
                read(pem("none.pem", OWN.keyPem())),
                "/proxy/tls/certificate",
                "is not there (expected: certificates in PEM, -----BEGIN CERTIFICATE-----; looked for "
                        + folder.resolve("none.pem") + ")");
    }

    @Test
    void refusesKeyAndCertificateExchanged() {
        ReadResult result = read(pem(OWN.keyPem(), OWN.certificatePem()));

        assertThat(result.errors())
                .extracting(Problem::message)
                .satisfiesExactly(
                        certificate -> assertThat(certificate).contains("holds no certificate"),
                        key -> assertThat(key).contains("holds no private key"));
    }

    private static String pem(Object certificate, Object key) {
        return "\"certificate\": \"" + certificate + "\", \"key\": \"" + key + "\"";
    }

    private ReadResult read(String members) {
        Map<String, String> environment = Map.of("STORE_PASSWORD", TestCertificate.PASSWORD, "OTHER", "other");
        return new ConfigReader(environment::get)
                .read(
                        "{ \"proxy\": { \"port\": 0, \"tls\": { \"port\": 8443, " + members
                                + " } }, \"routes\": [], \"default\": { \"target\": null } }",
                        ConfigFormat.JSON,
                        folder.resolve("config.json"));
    }

    private static TlsConfig tls(ReadResult result) {
        assertThat(result.errors()).isEmpty();
        return requireNonNull(requireNonNull(result.config()).proxy().tls());
    }

    private static void assertRefused(ReadResult result, String pointer, String message) {
        List<Problem> errors = result.errors();
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo(pointer);
            assertThat(error.message()).contains(message);
        });
    }
}
