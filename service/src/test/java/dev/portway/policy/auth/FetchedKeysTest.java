package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.config.TokenKey;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchedKeysTest {

    private static final String GONE = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

    private final AtomicLong now = new AtomicLong();
    private final String first = answer("one");
    private final Origin issuer = Origin.sending(first);
    private final FetchedKeys keys = new FetchedKeys(URI.create(issuer.url() + "/keys"), new ServiceClient(), now::get);

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
        issuer.thenSending(answer("two"));

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

    private static List<TokenKey> get(CompletableFuture<List<TokenKey>> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static String answer(String id) {
        try {
            JsonWebKey key = JsonWebKey.Factory.newJwk(
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
            key.setKeyId(id);
            String body = "{\"keys\":[" + key.toJson() + "]}";
            return "HTTP/1.1 200 OK\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
