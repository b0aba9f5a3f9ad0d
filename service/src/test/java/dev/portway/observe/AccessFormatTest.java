package dev.portway.observe;

import static dev.portway.observe.Exchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.config.LoggingConfig.Format;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.ProxyError;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AccessFormatTest {

    private static final String HOSTILE =
            "\r\n12:00:00 200\u001b[31m\u007f\u009b\"\\ \u202e\u2028\ud800é\ud83d\ude00\t\0";

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void writesColumnsForPeople() {
        assertThat(line(Format.TEXT, exchange().record()))
                .isEqualTo("12:34:56 200 GET     12.3ms  11.0ms 1.20KiB  web.test/index.html  web -> localhost:3000"
                        + "  127.0.0.1  b1946ac92492d234\n");
    }

    @Test
    void writesAttemptsAndTheErrorForPeople() {
        var refused = exchange()
                .failed(ProxyError.CONNECTION_REFUSED, "nothing listens on 127.0.0.1:3000")
                .attempts(2);

        assertThat(line(Format.TEXT, refused.record()))
                .startsWith("12:34:56 502 GET     12.3ms       - 1.20KiB  ")
                .endsWith("  attempts=2  error=connection_refused (nothing listens on 127.0.0.1:3000)\n");
    }

    @Test
    void writesThatABackendWasAskedBesides() {
        var hedged = exchange().attempts(2).hedged();

        assertThat(line(Format.TEXT, hedged.record())).endsWith("  attempts=2  hedged=1\n");
        assertThat(line(Format.JSON, hedged.record())).contains(",\"attempts\":2,\"hedged\":1");
    }

    @Test
    void writesADashWhereThereWasNoRoute() {
        var lost = exchange()
                .failed(ProxyError.NO_ROUTE, null)
                .route(null)
                .backend(null)
                .host(null);

        assertThat(line(Format.TEXT, lost.record())).contains("  /index.html  - -> -  127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0us",
        "999999, 999us",
        "1000000, 1.00ms",
        "9999999, 9.99ms",
        "10000000, 10.0ms",
        "123456789, 123ms",
        "1500000000, 1.50s",
        "3600000000000, 3600s"
    })
    void writesDurationsWithThreeDigitsThatCount(long nanos, String expected) {
        String line = line(Format.TEXT, exchange().took(nanos, -1).record());

        assertThat(line).startsWith("12:34:56 200 GET ").contains(" " + expected + "       - ");
    }

    @Test
    void writesOneJsonObjectALine() throws Exception {
        var record = exchange()
                .referer("http://web.test/a?token=x")
                .userAgent("curl/8")
                .bytes(7, 1234)
                .record();

        JsonNode line = JSON.readTree(line(Format.JSON, record));

        assertThat(line).isEqualTo(JSON.readTree("""
                {"time": "2026-01-02T12:34:56.789Z", "log": "access", "requestId": "b1946ac92492d234",
                 "client": "127.0.0.1", "method": "GET", "scheme": "http", "host": "web.test", "path": "/index.html",
                 "protocol": "HTTP/1.1", "status": 200, "bytesIn": 7, "bytesOut": 1234, "totalMs": 12.345,
                 "backendMs": 11.000, "route": "web", "backend": "localhost:3000", "referer": "http://web.test/a",
                 "userAgent": "curl/8"}"""));
    }

    @Test
    void leavesOutOfJsonWhatThereWasNot() throws Exception {
        var lost = exchange()
                .failed(ProxyError.NO_ROUTE, null)
                .route(null)
                .backend(null)
                .attempts(0);

        JsonNode line = JSON.readTree(line(Format.JSON, lost.record()));

        assertThat(line.fieldNames())
                .toIterable()
                .doesNotContain("route", "backend", "backendMs", "attempts", "cause", "referer", "userAgent");
        assertThat(line.path("error").asText()).isEqualTo("no_route");
    }

    @Test
    void writesWhatParsersOfTheCombinedFormatExpect() {
        var record = exchange()
                .userAgent("Mozilla/5.0 (X11)")
                .referer("http://web.test/?q=secret")
                .record();

        String line = line(Format.COMBINED, record);

        assertThat(line)
                .isEqualTo("127.0.0.1 - - [02/Jan/2026:12:34:56 +0000] \"GET /index.html HTTP/1.1\" 200 1234"
                        + " \"http://web.test/\" \"Mozilla/5.0 (X11)\"\n");
    }

    @Test
    void writesDashesInTheCombinedFormatForWhatIsNotThere() {
        assertThat(line(Format.COMBINED, exchange().bytes(0, 0).record())).endsWith("\" 200 - \"-\" \"-\"\n");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void letsNothingAClientSendsForgeALineOrReachATerminal(Format format) {
        var record = exchange()
                .method("G" + HOSTILE)
                .host(HOSTILE)
                .path("/" + HOSTILE)
                .client(HOSTILE)
                .referer(HOSTILE)
                .userAgent(HOSTILE)
                .failed(ProxyError.PROTOCOL_ERROR, HOSTILE)
                .record();

        String line = line(format, record);

        assertThat(line).endsWith("\n").matches(Pattern.compile("[ -~]+\n"));
    }

    @Test
    void keepsHostileTextWholeInJson() throws Exception {
        String hostile = HOSTILE.replace("\ud800", "");

        JsonNode line =
                JSON.readTree(line(Format.JSON, exchange().userAgent(hostile).record()));

        assertThat(line.path("userAgent").asText()).isEqualTo(hostile);
    }

    @Test
    void keepsTheColumnsOfTheCombinedFormatWhateverTheUserAgent() {
        String line =
                line(Format.COMBINED, exchange().userAgent("a\" 200 \"b\\").record());

        assertThat(line).endsWith("\"-\" \"a\\\" 200 \\\"b\\\\\"\n");
    }

    @Test
    void cutsWhatAClientMadeLong() {
        var clipped = Clip.clip(exchange()
                .path("/" + "a".repeat(20_000))
                .userAgent("b".repeat(9_000))
                .record());

        assertThat(clipped.path()).hasSize(2048).endsWith("a...");
        assertThat(clipped.userAgent()).hasSize(512);
        assertThat(clipped.requestId()).isEqualTo("b1946ac92492d234");
    }

    @Test
    void leavesAnOrdinaryRecordAsItIs() {
        ExchangeRecord record = exchange().record();

        assertThat(Clip.clip(record)).isSameAs(record);
    }

    private static String line(Format format, ExchangeRecord record) {
        ZoneId utc = ZoneOffset.UTC;
        LineBuffer buffer = new LineBuffer(16);
        AccessFormat.of(format, utc).append(record, buffer);
        return buffer.toString();
    }
}
