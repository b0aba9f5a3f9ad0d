package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.AbsentPort;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.security.Key;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtTest {

    private static final KeyPair RSA = Tokens.pair("RSA");
    private static final KeyPair OTHER_RSA = Tokens.pair("RSA");
    private static final KeyPair EC = Tokens.pair("secp256r1");
    private static final KeyPair ED = Tokens.pair("Ed25519");
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Key HMAC = new SecretKeySpec(SECRET.getBytes(UTF_8), "HMAC");

    private final Origin origin = Origin.replying(200, "let in");

    @AfterEach
    void stop() {
        origin.close();
    }

    @ParameterizedTest
    @CsvSource({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void takesTokensThatAPublicKeyOfTheFileConfirms(String algorithm) throws Exception {
        KeyPair pair = switch (algorithm) {
            case "ES256" -> EC;
            case "ES384" -> Tokens.pair("secp384r1");
            case "ES512" -> Tokens.pair("secp521r1");
            case "EdDSA" -> ED;
            default -> RSA;
        };
        try (ProxyHarness proxy = asking("\"keys\": \"" + Credentials.file(Tokens.pem(pair)) + "\"")) {
            assertThat(status(proxy, Tokens.token(pair.getPrivate(), algorithm, null, Tokens.claims())))
                    .isEqualTo(200);
            Origin.Received received = origin.take();
            assertThat(received.field("X-Auth-User")).isEqualTo("ada");
            assertThat(received.field("Authorization")).isNull();
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n").field("WWW-Authenticate"))
                    .isEqualTo("Bearer realm=\"portway\"");
        }
    }

    @Test
    void takesTokensThatTheSharedSecretConfirms() throws Exception {
        try (ProxyHarness proxy = asking("\"secret\": \"" + SECRET + "\"")) {
            assertThat(status(proxy, Tokens.token(HMAC, "HS256", null, Tokens.claims())))
                    .isEqualTo(200);
            assertThat(status(proxy, Tokens.token(HMAC, "HS256", null, Tokens.claims())))
                    .isEqualTo(200);
            assertThat(status(proxy, Tokens.token(HMAC, "HS512", null, Tokens.claims())))
                    .isEqualTo(401);
            Key other = new SecretKeySpec((SECRET + "x").getBytes(UTF_8), "HMAC");
            assertThat(status(proxy, Tokens.token(other, "HS256", null, Tokens.claims())))
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({"32, HS256", "48, HS256 HS384", "64, HS256 HS384 HS512"})
    void takesTheAlgorithmsThatASecretIsLongEnoughFor(int length, String algorithms) throws Exception {
        String secret = "0123456789abcdef".repeat(4).substring(0, length);
        Key key = new SecretKeySpec(secret.getBytes(UTF_8), "HMAC");
        try (ProxyHarness proxy = asking("\"secret\": \"" + secret + "\"")) {
            for (String algorithm : List.of("HS256", "HS384", "HS512")) {
                assertThat(status(proxy, Tokens.token(key, algorithm, null, Tokens.claims())))
                        .as(algorithm)
                        .isEqualTo(List.of(algorithms.split(" ", -1)).contains(algorithm) ? 200 : 401);
            }
        }
    }

    @Test
    void isNotConfusedByTheAlgorithmOrKeysThatATokenNames() throws Exception {
        String pem = Tokens.pem(RSA);
        try (ProxyHarness proxy = asking("\"keys\": \"" + Credentials.file(pem) + "\"")) {
            String right = Tokens.token(RSA.getPrivate(), "RS256", null, Tokens.claims());
            String payload = right.split("\\.", -1)[1];
            Key publicAsSecret = new SecretKeySpec(pem.getBytes(UTF_8), "HMAC");
            Key encodedAsSecret = new SecretKeySpec(RSA.getPublic().getEncoded(), "HMAC");
            JsonWebSignature carrying = Tokens.signature(OTHER_RSA.getPrivate(), "RS256", Tokens.claims());
            carrying.setJwkHeader((PublicJsonWebKey) JsonWebKey.Factory.newJwk(OTHER_RSA.getPublic()));
            JsonWebSignature pointing = Tokens.signature(OTHER_RSA.getPrivate(), "RS256", Tokens.claims());
            pointing.setHeader("jku", origin.url() + "/keys");
            pointing.setHeader("x5u", origin.url() + "/keys");

            for (String wrong : List.of(
                    Tokens.token(publicAsSecret, "HS256", null, Tokens.claims()),
                    Tokens.token(encodedAsSecret, "HS256", null, Tokens.claims()),
                    unsigned("none", payload),
                    unsigned("None", payload),
                    unsigned("RS256", payload),
                    Tokens.token(OTHER_RSA.getPrivate(), "RS256", null, Tokens.claims()),
                    Tokens.token(EC.getPrivate(), "ES256", null, Tokens.claims()),
                    carrying.getCompactSerialization(),
                    pointing.getCompactSerialization(),
                    right.substring(0, right.length() - 8) + "AAAAAAAA",
                    right + ".x.y",
                    "x",
                    "..")) {
                assertThat(status(proxy, wrong)).as(wrong).isEqualTo(401);
            }
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, right)).isEqualTo(200);
        }
    }

    @Test
    void wantsTimesIssuerAudienceAndClaimsAsConfigured() throws Exception {
        try (ProxyHarness proxy = asking("\"secret\": \"" + SECRET + "\", \"issuer\": \"https://login.test\","
                + " \"audience\": [\"api\", \"web\"], \"leeway\": \"10s\", \"name\": \"email\","
                + " \"claims\": { \"groups\": [\"staff\"], \"scope\": \"read\", \"sub\": \"*\" }")) {
            assertThat(status(proxy, hmac(full()))).isEqualTo(200);
            assertThat(origin.take().field("X-Auth-User")).isEqualTo("ada@a.test");
            JwtClaims early = full();
            early.setNotBefore(Tokens.after(60));
            JwtClaims late = full();
            late.setExpirationTime(Tokens.after(-60));
            JwtClaims justLate = full();
            justLate.setExpirationTime(Tokens.after(-3));
            JwtClaims forEver = full();
            forEver.unsetClaim("exp");
            JwtClaims elsewhere = full();
            elsewhere.setIssuer("https://evil.test");
            JwtClaims forOthers = full();
            forOthers.setAudience("mail");
            JwtClaims stranger = full();
            stranger.setStringListClaim("groups", List.of("guests", "staffing"));
            JwtClaims reader = full();
            reader.setStringClaim("scope", "readmore");
            JwtClaims nobody = full();
            nobody.unsetClaim("sub");

            assertThat(status(proxy, hmac(justLate))).isEqualTo(200);
            for (JwtClaims wrong : List.of(early, late, forEver, elsewhere, forOthers, stranger, reader, nobody)) {
                assertThat(status(proxy, hmac(wrong))).as(wrong.toString()).isEqualTo(401);
            }
        }
    }

    @Test
    void tellsTheBackendNoClaimThatWouldBecomeAnotherHeader() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.withRoutes("""
                [{ "id": "a", "target": "%s", "auth": { "jwt": { "secret": "%s" }, "identity": {
                  "X-Evil": "{jwt.evil}", "X-City": "{jwt.city}", "X-Groups": "{jwt.groups}", "X-Level": "{jwt.level}"
                } } }]
                """.formatted(origin.url(), SECRET))) {
            JwtClaims claims = Tokens.claims();
            claims.setStringClaim("evil", "x\r\nX-Admin: 1");
            claims.setStringClaim("city", "Köln");
            claims.setStringListClaim("groups", "a", "b");
            claims.setClaim("level", 3);

            assertThat(status(proxy, hmac(claims))).isEqualTo(200);

            Origin.Received received = origin.take();
            assertThat(received.toString()).doesNotContain("X-Admin").doesNotContain("X-Evil");
            assertThat(new String(requireNonNull(received.field("X-City")).getBytes(ISO_8859_1), UTF_8))
                    .isEqualTo("Köln");
            assertThat(received.field("X-Groups")).isEqualTo("a,b");
            assertThat(received.field("X-Level")).isEqualTo("3");
        }
    }

    @Test
    void fetchesKeysOnceAndAgainForAKeyItDoesNotKnow() throws Exception {
        try (Origin issuer = Origin.replying(200, Tokens.keySet(Map.of("one", RSA)));
                ProxyHarness proxy = asking("\"jwks\": \"" + issuer.url() + "/keys\"")) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(proxy, Tokens.token(RSA.getPrivate(), "RS256", "one", Tokens.claims())))
                        .isEqualTo(200);
            }
            assertThat(status(proxy, Tokens.token(OTHER_RSA.getPrivate(), "RS256", "two", Tokens.claims())))
                    .isEqualTo(401);

            assertThat(issuer.take().requestLine()).isEqualTo("GET /keys HTTP/1.1");
            assertThat(issuer.untaken()).as("asked for once in ten seconds").isEmpty();
        }
    }

    @Test
    void answers503WhileTheIssuersKeysCannotBeHad() throws Exception {
        for (String broken : List.of(
                "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkeys")) {
            try (Origin issuer = Origin.sending(broken);
                    ProxyHarness proxy = asking("\"jwks\": \"" + issuer.url() + "/keys\"")) {
                assertThat(status(proxy, Tokens.token(RSA.getPrivate(), "RS256", "one", Tokens.claims())))
                        .isEqualTo(503);
                assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status())
                        .isEqualTo(401);
            }
        }
        try (AbsentPort absent = AbsentPort.take();
                ProxyHarness proxy = asking("\"jwks\": \"" + absent.url() + "/keys\"")) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(proxy, Tokens.token(RSA.getPrivate(), "RS256", "one", Tokens.claims())))
                        .isEqualTo(503);
            }
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void takesNoSecretFromAnIssuersKeys() throws Exception {
        String shown = "{\"keys\":["
                + JsonWebKey.Factory.newJwk(HMAC).toJson(JsonWebKey.OutputControlLevel.INCLUDE_SYMMETRIC) + "]}";
        try (Origin issuer = Origin.replying(200, shown);
                ProxyHarness proxy = asking("\"jwks\": \"" + issuer.url() + "/keys\"")) {
            assertThat(status(proxy, hmac(Tokens.claims()))).isEqualTo(503);
        }
    }

    private ProxyHarness asking(String members) {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"auth\": { \"jwt\": { "
                + members + " } } }]");
    }

    private static int status(ProxyHarness proxy, String token) throws Exception {
        RawClient.Response response =
                proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        return response.status();
    }

    private static JwtClaims full() {
        JwtClaims claims = Tokens.claims();
        claims.setIssuer("https://login.test");
        claims.setAudience("api", "other");
        claims.setStringListClaim("groups", "staff", "guests");
        claims.setStringClaim("scope", "write read");
        claims.setStringClaim("email", "ada@a.test");
        return claims;
    }

    private static String hmac(JwtClaims claims) throws Exception {
        return Tokens.token(HMAC, "HS256", null, claims);
    }

    private static String unsigned(String algorithm, String payload) {
        return Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(("{\"alg\":\"" + algorithm + "\"}").getBytes(UTF_8))
                + "." + payload + ".";
    }
}
