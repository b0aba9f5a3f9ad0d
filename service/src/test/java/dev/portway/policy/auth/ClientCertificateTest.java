package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.TestCertificate;
import dev.portway.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientCertificateTest {

    private final Origin origin = Origin.replying(200, "let in");

    @AfterEach
    void stop() {
        origin.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void letsInTheSubjectsOfTheRule(HttpClient.Version version) throws Exception {
        try (ProxyHarness proxy = asking(false, "\"subjects\": [\"CN=Client\"]")) {
            assertThat(status(proxy, version, TestCertificates.CLIENT)).isEqualTo(200);
            assertThat(origin.take().field("X-Auth-User")).isEqualTo("CN=client");
            assertThat(status(proxy, version, TestCertificates.EXAMPLE)).isEqualTo(403);
            assertThat(status(proxy, version, null)).isEqualTo(403);
            assertThat(proxy.get("/").statusCode()).isEqualTo(403);
            assertThat(status(proxy, version, TestCertificates.LONER)).isEqualTo(403);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void letsInWhatTheAuthoritySigned() throws Exception {
        try (ProxyHarness proxy = asking(false, "")) {
            assertThat(status(proxy, HttpClient.Version.HTTP_2, TestCertificates.EXAMPLE))
                    .isEqualTo(200);
            assertThat(status(proxy, HttpClient.Version.HTTP_2, null)).isEqualTo(403);
        }
    }

    @Test
    void refusesTheConnectionWhereACertificateIsRequired() {
        try (ProxyHarness proxy = asking(true, "")) {
            assertThatThrownBy(() -> status(proxy, HttpClient.Version.HTTP_1_1, null))
                    .isInstanceOf(IOException.class);
        }
    }

    private ProxyHarness asking(boolean required, String members) {
        String tls = ProxyHarness.tlsMembers();
        return ProxyHarness.with(
                tls.substring(0, tls.lastIndexOf('}')) + ", \"clientCertificates\": { \"ca\": \""
                        + TestCertificates.authority() + "\", \"required\": " + required + " } }",
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"auth\": { \"clientCertificate\": { "
                        + members + " } } }]");
    }

    /** Of a client of its own, since connections keep their certificate. */
    private static int status(ProxyHarness proxy, HttpClient.Version version, @Nullable String alias) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("proxy", TestCertificate.shared().certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(
                alias == null ? null : TestCertificates.store(alias),
                TestCertificates.password().toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpClient client =
                HttpClient.newBuilder().sslContext(context).version(version).build();
        URI url = URI.create("https://localhost:" + proxy.tls().getPort() + "/");
        return client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
