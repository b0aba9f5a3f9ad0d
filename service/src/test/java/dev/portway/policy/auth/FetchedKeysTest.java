package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.config.JwtConfig;
import dev.portway.config.TokenKey;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchedKeysTest {

    private static final String GONE = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

    private static final KeyPair ONE = Tokens.pair("Ed25519");
    private static final KeyPair TWO = Tokens.pair("Ed25519");

    private final AtomicLong now = new AtomicLong();
    private final String first = answer(Map.of("one", ONE));
    private final Origin issuer = Origin.sending(first);
    private final FetchedKeys keys =
            new FetchedKeys(URI.create(issuer.url() + "/keys"), new ServiceClient(), now::get, Duration.ofMillis(300));

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void areOnesThatAreKnownUntilTheyAreOld() throws Exception {
        List<TokenKey> known = get(keys.keys());

        assertThat(get(keys.keys())).isSameAs(known);
        issuer.take();
        assertThat(issuer.untaken()).isEmpty();
        now.addAndGet(FetchedKeys.FRESH);
        assertThat(get(keys.keys())).isSameAs(known);
        issuer.take();
    }

    @Test
    void takeUpNewOnesWhenATokenNamesOneButNotAllTheTime() throws Exception {
        List<TokenKey> known = get(keys.keys());
        issuer.thenSending(answer(Map.of("two", TWO)));

        assertThat(get(keys.newer(known))).as("fetched a moment ago").isSameAs(known);
        now.addAndGet(FetchedKeys.PAUSE);
        List<TokenKey> newer = get(keys.newer(known));

        assertThat(newer).extracting(TokenKey::id).containsExactly("two");
        assertThat(get(keys.newer(known))).isSameAs(newer);
        assertThat(get(keys.newer(newer))).isSameAs(newer);
        issuer.take();
        assertThat(issuer.untaken()).isEmpty();
    }

    @Test
    void stayForAnHourWhileTheIssuerIsGone() throws Exception {
        List<TokenKey> known = get(keys.keys());
        issuer.thenSending(GONE);

        now.addAndGet(FetchedKeys.KEPT - 1);
        assertThat(get(keys.keys())).isSameAs(known);
        issuer.take();
        now.addAndGet(FetchedKeys.PAUSE);
        await().untilAsserted(() -> assertThat(keys.keys()).isCompletedExceptionally());

        issuer.thenSending(first);
        now.addAndGet(FetchedKeys.PAUSE);
        assertThat(get(keys.keys())).extracting(TokenKey::id).containsExactly("one");
    }

    @Test
    void areNotTakenFromAnAnswerThatIsTooLong() throws Exception {
        String padding = " ".repeat(600_000);
        issuer.thenSending("HTTP/1.1 200 OK\r\nContent-Length: " + padding.length() + "\r\n\r\n" + padding);

        CompletableFuture<List<TokenKey>> answer = keys.keys();

        await().untilAsserted(() -> assertThat(answer).isCompletedExceptionally());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "HTTP/1.1 500 No~Content-Length: 0~~; the answer is 500",
                "HTTP/1.1 200 OK~Content-Length: 4~~keys; the answer holds no key that signatures are checked with",
                "HTTP/1.1 200 OK~Content-Length: 11~~{'keys':[]}; the answer holds no key that signatures are checked with",
                "garbage of a secret~~; the answer is not HTTP",
                "silence; there is no answer in time",
                "HTTP/1.1 200 OK~Content-Length: 500~~{'keys':[; there is no answer in time",
                "absence; the connection fails"
            })
    void letNobodyInAndSaySoOnceWhileTheIssuerIsDown(String broken, String why) throws Exception {
        int port = issuer.port();
        JwtAuthenticator tokens = tokens();
        String token = Tokens.token(ONE.getPrivate(), "EdDSA", "one", Tokens.claims());
        if (broken.equals("absence")) {
            issuer.close();
        } else if (broken.equals("silence")) {
            issuer.then(Origin.Exchange::readBody);
        } else {
            issuer.thenSending(broken.replace("~", "\r\n").replace('\'', '"'));
        }
        try (LogLines log = new LogLines(FetchedKeys.class)) {
            for (int i = 0; i < 3; i++) {
                assertThat(verdict(tokens, token)).isInstanceOf(Verdict.Unavailable.class);
                now.addAndGet(FetchedKeys.PAUSE);
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN the keys at " + issuer.url() + "/keys could not be fetched: ")
                    .contains(why)
                    .endsWith("; requests with a token are answered 503")
                    .doesNotContain("secret");

            Origin.Answer right = exchange -> exchange.write(first);
            try (Origin back = broken.equals("absence") ? Origin.on("127.0.0.1", port, right) : issuer.then(right)) {
                assertThat(verdict(tokens, token)).isInstanceOf(Verdict.Accepted.class);
                assertThat(log.lines())
                        .hasSize(2)
                        .last()
                        .isEqualTo("INFO the keys at " + back.url() + "/keys could be fetched again");
            }
        }
    }

    /** A request that waits for an issuer holds nobody's thread, and one question is asked for all. */
    @Test
    void nobodyWaitsLongForAnIssuerThatSaysNothingAndAllAreLetInWhenItDoes() throws Exception {
        JwtAuthenticator tokens = tokens();
        String token = Tokens.token(ONE.getPrivate(), "EdDSA", "one", Tokens.claims());
        issuer.then(exchange -> exchange.in().readAllBytes()); // until the proxy gives up
        long began = System.nanoTime();

        List<Verdict> silent = verdicts(tokens, token);

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
        assertThat(silent).hasSize(50).allMatch(Verdict.Unavailable.class::isInstance);
        issuer.take();
        assertThat(issuer.untaken()).isEmpty();
        await().untilAsserted(() -> assertThat(issuer.open()).as("given up").isZero());

        issuer.thenSending(first);
        assertThat(verdict(tokens, token)).as("not asked again at once").isInstanceOf(Verdict.Unavailable.class);
        assertThat(issuer.untaken()).isEmpty();
        now.addAndGet(FetchedKeys.PAUSE);
        assertThat(verdicts(tokens, token)).hasSize(50).allMatch(Verdict.Accepted.class::isInstance);
        issuer.take();
        assertThat(issuer.untaken()).isEmpty();
    }

    private static List<Verdict> verdicts(JwtAuthenticator tokens, String token) throws Exception {
        List<CompletableFuture<Verdict>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            tokens.check(token, verdict::complete);
            asked.add(verdict);
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (CompletableFuture<Verdict> verdict : asked) {
            verdicts.add(verdict.get(10, TimeUnit.SECONDS));
        }
        return verdicts;
    }

    @Test
    void anIssuerThatTurnsToAnotherKeyIsFollowed() throws Exception {
        JwtAuthenticator tokens = tokens();
        String old = Tokens.token(ONE.getPrivate(), "EdDSA", "one", Tokens.claims());
        String fresh = Tokens.token(TWO.getPrivate(), "EdDSA", "two", Tokens.claims());
        assertThat(verdict(tokens, old)).isInstanceOf(Verdict.Accepted.class);
        assertThat(verdict(tokens, fresh)).isInstanceOf(Verdict.Wrong.class);

        issuer.thenSending(answer(Map.of("one", ONE, "two", TWO)));
        now.addAndGet(FetchedKeys.PAUSE);
        assertThat(verdict(tokens, fresh)).isInstanceOf(Verdict.Accepted.class);
        assertThat(verdict(tokens, old)).as("both are valid").isInstanceOf(Verdict.Accepted.class);

        issuer.thenSending(answer(Map.of("two", TWO)));
        now.addAndGet(FetchedKeys.FRESH);
        verdict(tokens, fresh);
        await().untilAsserted(
                        () -> assertThat(verdict(tokens, old)).as("taken back").isInstanceOf(Verdict.Wrong.class));
        assertThat(verdict(tokens, fresh)).isInstanceOf(Verdict.Accepted.class);
    }

    private JwtAuthenticator tokens() {
        JwtConfig rule = new JwtConfig(
                URI.create(issuer.url() + "/keys"), null, null, null, List.of(), Map.of(), Duration.ZERO, "sub");
        return new JwtAuthenticator(rule, keys, Runnable::run);
    }

    private static Verdict verdict(JwtAuthenticator tokens, String token) throws Exception {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        tokens.check(token, verdict::complete);
        return verdict.get(10, TimeUnit.SECONDS);
    }

    private static List<TokenKey> get(CompletableFuture<List<TokenKey>> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static String answer(Map<String, KeyPair> keys) {
        String body = Tokens.keySet(keys);
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
    }
}
