package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets over TLS that cannot be trusted, and the two ways to mix up http and https. */
final class TlsTargetTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static SSLServerSocket listener;
    private static ServerSocket plain;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() throws Exception {
        listener = (SSLServerSocket)
                selfSigned().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Background.run(TlsTargetTest::shakeHands);
        plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Background.run(TlsTargetTest::refuseInClear);
        proxy = ProxyHarness.withRoutes("""
                { "/untrusted": "https://127.0.0.1:TLS", "/mixed-up": "http://127.0.0.1:TLS",
                  "/in-clear": "https://127.0.0.1:PLAIN" }
                """.replace("TLS", String.valueOf(listener.getLocalPort()))
                .replace("PLAIN", String.valueOf(plain.getLocalPort())));
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        plain.close();
        listener.close();
    }

    @Test
    void refuseACertificateThatNobodyTrusts() throws IOException { // behaviour 86
        RawClient.Response response = proxy.raw("GET /untrusted HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=tls_certificate_error");
        assertThat(response.text()).contains("certificate").contains("not trusted");
    }

    @Test
    void tellOfPlainHttpSentToATlsPort() throws IOException {
        RawClient.Response response = proxy.raw("GET /mixed-up HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=http_protocol_error");
        assertThat(response.text()).contains("https://");
    }

    @Test
    void tellOfTlsSentToAPlainPort() throws IOException {
        RawClient.Response response = proxy.raw("GET /in-clear HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=tls_protocol_error");
        assertThat(response.text()).contains("http://");
    }

    /** What every HTTP server answers to a TLS hello. */
    private static void refuseInClear() throws IOException {
        while (!plain.isClosed()) {
            try (Socket socket = plain.accept()) {
                if (socket.getInputStream().read() >= 0) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
                }
            }
        }
    }

    private static void shakeHands() throws IOException {
        while (true) {
            try (var socket = listener.accept()) {
                socket.setSoTimeout(5_000);
                socket.getInputStream().read(); // as far as the handshake gets
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private static SSLContext selfSigned() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("backend.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=backend",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
