package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenKeyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"keys\": \"x\"}",
                "{\"keys\": [\"x\", 5]}",
                "{\"keys\": {\"kty\": \"EC\"}}",
                "{\"keys\": [{\"kty\": 5}]}",
                "{\"keys\": [{\"kty\": \"oct\"}]}",
                "{\"keys\": [{\"kty\": \"oct\", \"k\": \"c2hvcnQ\"}]}",
                "{\"kty\": \"EC\", \"crv\": 256, \"x\": 1}",
                "{\"keys\": [",
                "{",
                ""
            })
    void whatIsNoSetOfKeysIsRefusedInPlainWords(String content) {
        assertThatThrownBy(() -> TokenKey.parse(content.getBytes(UTF_8))).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void whatIsNestedTooDeepIsRefusedToo() {
        byte[] deep = ("{\"keys\":" + "[".repeat(200_000)).getBytes(UTF_8);

        assertThatThrownBy(() -> TokenKey.parse(deep)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aPrivateKeyIsRefusedAndNotShown() throws Exception {
        PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        String all = key.toJson(OutputControlLevel.INCLUDE_PRIVATE);

        assertThatThrownBy(() -> TokenKey.parse(all.getBytes(UTF_8)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("holds a private key")
                .hasMessageNotContaining(all.substring(10, 30));
        assertThat(parse(key, null, null)).hasSize(1);
    }

    @Test
    void aKeyForSomethingElseChecksNoTokens() throws Exception {
        PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);

        assertThat(parse(key, "sig", List.of("verify"))).hasSize(1);
        assertThatThrownBy(() -> parse(key, "enc", null)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> parse(key, null, List.of("deriveKey"))).isInstanceOf(InvalidValueException.class);
    }

    private static List<TokenKey> parse(PublicJsonWebKey key, @Nullable String use, @Nullable List<String> operations)
            throws InvalidValueException, JoseException {
        PublicJsonWebKey copy = PublicJsonWebKey.Factory.newPublicJwk(key.toJson());
        copy.setUse(use);
        copy.setKeyOps(operations);
        return TokenKey.parse(copy.toJson().getBytes(UTF_8));
    }
}
