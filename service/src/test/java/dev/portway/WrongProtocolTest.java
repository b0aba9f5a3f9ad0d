package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak something else than the port they came to, and what they are told. */
final class WrongProtocolTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "ok");
        proxy = ProxyHarness.with(
                ProxyHarness.tlsMembers() + ", \"timeouts\": { \"header\": \"1s\" }",
                "[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @AfterEach
    void nothingElseIsDisturbed() throws Exception {
        assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "POST /a HTTP/1.1", "GET / HTTP/1.0"})
    void aPlainRequestToTheTlsPortIsToldToUseHttps(String line) throws Exception {
        try (RawClient client = RawClient.to(proxy.tls())) {
            RawClient.Response response =
                    client.send(line + "\r\nHost: a.test\r\n\r\n").read();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=http_request_error");
            assertThat(response.text())
                    .contains("a plain http:// request came to the port for https://")
                    .contains("write https:// in place of http://");
        }
    }

    @Test
    void anUploadToTheTlsPortIsToldSoToo() throws Exception {
        try (RawClient client = RawClient.to(proxy.tls())) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 300000\r\n\r\n");
            client.send("x".repeat(300_000));

            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    @Test
    void tlsToThePlainPortEndsWithAnAlert() throws Exception {
        try (RawClient client = RawClient.secure(plainPort(), "h2", "http/1.1")) {
            assertThatThrownBy(() -> ((SSLSocket) client.socket()).startHandshake())
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("handshake_failure");
        }
    }

    @Test
    void tlsToThePlainPortThatStopsWithinItsHelloEndsWithAnAlertToo() throws Exception {
        try (RawClient client = RawClient.to(plainPort())) {
            client.send(new byte[] {22});

            assertThat(client.in().readAllBytes()).containsExactly(21, 3, 3, 0, 2, 2, 40);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a hello cut short, 16 03 01 00 a5 01 00 00 a1 03 03",
        "a hello of nothing, 16 03 01 00 00",
        "a record too long, 16 03 01 ff ff 01 00 00 00 00 00",
        "an alert, 15 03 01 00 02 02 28",
        "a hello of SSL 2, 80 2e 01 03 01 00 15 00 00 00 10",
        "zeros, 00 00 00 00 00 00 00 00 00 00 00 00",
        "letters without a line, 61 62 63",
        "the preface of HTTP/2, 50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a"
    })
    void garbageOnTheTlsPortIsCutOff(String what, String bytes) throws Exception {
        try (RawClient client = RawClient.to(proxy.tls())) {
            client.send(bytesOf(bytes));

            assertThat(client.closed()).as(what).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a preface that goes wrong, 50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 58 58 0d 0a 0d 0a",
        "a preface without settings,"
                + " 50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a 00 00 00 01 05 00 00 00 01",
        "a preface and garbage,"
                + " 50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a ff ff ff ff ff ff ff ff ff",
        "half a preface, 50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53",
        "zeros, 00 00 00 00 00 00 00 00 00 00 00 00"
    })
    void garbageOnThePlainPortIsCutOff(String what, String bytes) throws Exception {
        try (RawClient client = RawClient.to(plainPort())) {
            client.send(bytesOf(bytes));

            assertThat(client.closed()).as(what).isTrue();
        }
    }

    private static URI plainPort() {
        return proxy.proxy();
    }

    private static byte[] bytesOf(String hex) throws IOException {
        String[] octets = hex.strip().split(" ", -1);
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) Integer.parseInt(octets[i], 16);
        }
        return bytes;
    }
}
