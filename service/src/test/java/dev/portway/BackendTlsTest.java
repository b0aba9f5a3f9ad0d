package dev.portway;

import static dev.portway.TestCertificates.CLIENT;
import static dev.portway.TestCertificates.EXAMPLE;
import static dev.portway.TestCertificates.LOCALHOST;
import static dev.portway.TestCertificates.LONER;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.security.Security;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a TLS backend is known, and how the proxy makes itself known to it. */
final class BackendTlsTest {

    private static final JettyOrigin.Answer HELLO = JettyOrigin.Answer.text("hello");

    @ParameterizedTest
    @ValueSource(strings = {"https", "h2"})
    void knowsABackendByTheAuthorityThatIsNamed(String scheme) throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url(scheme), authority())) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.body()).isEqualTo("hello");
            assertThat(origin.take().protocol()).isEqualTo("HTTP/2.0");
        }
    }

    @Test
    void speaksHttp1WhereTheBackendKnowsNothingOfHttp2() throws Exception {
        try (JettyOrigin origin = JettyOrigin.oldTls(LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url(), authority())) {

            assertThat(proxy.get("/").body()).isEqualTo("hello");
            assertThat(origin.take().protocol()).isEqualTo("HTTP/1.1");
        }
    }

    @Test
    void refusesABackendThatDoesNotAgreeToHttp2WhereNothingElseWillDo() throws Exception {
        try (JettyOrigin origin = JettyOrigin.oldTls(LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url("h2"), authority())) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("does not agree to HTTP/2");
        }
    }

    @Test
    void refusesACertificateThatNobodyTrustedHasSigned() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(LOCALHOST, HELLO);
                ProxyHarness proxy = ProxyHarness.withRoutes("{\"/\": \"" + origin.url() + "\"}")) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("is not trusted");
        }
    }

    @Test
    void refusesACertificateOfAnotherName() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(EXAMPLE, HELLO);
                ProxyHarness proxy = routing(origin.url(), authority())) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("is not trusted");
        }
    }

    @Test
    void asksForTheServersNameAndSendsTheHostThatAreConfiguredEach() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(EXAMPLE, HELLO);
                ProxyHarness proxy =
                        ProxyHarness.withRoutes("""
                        [{"target": "%s", "hostHeader": "other.example",
                          "tls": {"ca": "%s", "serverName": "app.example"}}]
                        """.formatted(origin.url(), TestCertificates.authority()))) {

            assertThat(proxy.get("/").statusCode()).isEqualTo(200);

            JettyOrigin.Received request = origin.take();
            assertThat(request.serverName()).isEqualTo("app.example");
            assertThat(request.authority()).isEqualTo("other.example");
        }
    }

    @Test
    void knowsABackendByItsKeyWhoeverSignedItAndWhateverItIsCalled() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(LONER, HELLO);
                ProxyHarness proxy = routing(origin.url(), pin(LONER))) {

            assertThat(proxy.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void refusesAnotherKeyThanThePinnedOne() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(LONER, HELLO);
                ProxyHarness proxy = routing(origin.url(), pin(LOCALHOST))) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("its key is " + TestCertificates.pin(LONER));
        }
    }

    @Test
    void wantsBothWhereAnAuthorityAndAKeyAreNamed() throws Exception {
        String both = "\"ca\": \"" + TestCertificates.authority() + "\", \"pin\": \"%s\"";
        try (JettyOrigin origin = JettyOrigin.tls(LOCALHOST, HELLO);
                ProxyHarness known = routing(origin.url(), both.formatted(TestCertificates.pin(LOCALHOST)));
                ProxyHarness other = routing(origin.url(), both.formatted(TestCertificates.pin(LONER)))) {

            assertThat(known.get("/").statusCode()).isEqualTo(200);
            assertThat(other.get("/").statusCode()).isEqualTo(502);
        }
    }

    @Test
    void takesAnyCertificateWhereThatIsAskedFor() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(LONER, HELLO);
                ProxyHarness proxy = routing(origin.url(), "\"insecure\": true")) {

            assertThat(proxy.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void makesItselfKnownByItsOwnCertificate() throws Exception {
        String own = ", \"certificate\": \"" + TestCertificates.certificate(CLIENT) + "\", \"key\": \""
                + TestCertificates.key(CLIENT) + "\"";
        try (JettyOrigin origin = JettyOrigin.tls(LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url(), authority() + own)) {

            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(requireNonNull(origin.take().client())
                            .getSubjectX500Principal()
                            .getName())
                    .isEqualTo("CN=client");
        }
    }

    /** Newer ones do not ask a provider that is added later, so there is nothing to note the threads. */
    @EnabledOnJre(JRE.JAVA_17)
    @Test
    void signsOnNoEventLoop() throws Exception {
        String own = ", \"certificate\": \"" + TestCertificates.certificate(CLIENT) + "\", \"key\": \""
                + TestCertificates.key(CLIENT) + "\"";
        SignatureThreads threads = new SignatureThreads();
        Security.insertProviderAt(threads, 1);
        try (JettyOrigin origin = JettyOrigin.tls(LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url(), authority() + own)) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        } finally {
            Security.removeProvider(threads.getName());
        }

        // The origin's signature and ours.
        assertThat(threads.names()).hasSizeGreaterThanOrEqualTo(2).noneMatch(name -> name.startsWith("loop-"));
    }

    @Test
    void keepsTwoBackendsAtOneAddressApartByTheirTrust() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(LOCALHOST, HELLO);
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{"path": "/a", "target": "%1$s", "tls": {%2$s}},
                         {"path": "/b", "target": "%1$s", "tls": {%3$s}},
                         {"path": "/c", "targets": [{"url": "%1$s", "tls": {%2$s}}], "tls": {%3$s}}]
                        """.formatted(origin.url(), authority(), pin(LONER)))) {

            assertThat(proxy.get("/a").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/b").statusCode()).isEqualTo(502);
            assertThat(proxy.get("/c").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysThatABackendSpeaksNoTls() throws Exception {
        try (JettyOrigin origin = JettyOrigin.clear(HELLO);
                ProxyHarness proxy = routing(origin.url("https"), "\"insecure\": true")) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("http://");
        }
    }

    private static String authority() {
        return "\"ca\": \"" + TestCertificates.authority() + "\"";
    }

    private static String pin(String alias) {
        return "\"pin\": \"" + TestCertificates.pin(alias) + "\"";
    }

    private static ProxyHarness routing(String target, String tls) {
        return ProxyHarness.withRoutes("[{\"target\": \"" + target + "\", \"tls\": {" + tls + "}}]");
    }
}
