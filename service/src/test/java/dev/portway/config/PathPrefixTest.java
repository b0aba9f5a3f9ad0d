package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.routing.RequestPath;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/api, /api",
        "/api/, /api",
        "/api//, /api",
        "/a//b, /a//b",
        "/%61pi, /api",
        "/%7euser, /~user",
        "/a%2fb, /a%2Fb",
        "/a%252fb, /a%252fb",
        "/a;x=1, /a;x=1",
        "/..a/b.., /..a/b..",
        "/a%20b, /a%20b",
        "/café, /caf%C3%A9",
        "/😀, /%F0%9F%98%80"
    })
    void normalises(String written, String path) throws InvalidValueException {
        assertThat(PathPrefix.parse(written)).isEqualTo(path);
    }

    /** A route's path that nobody's request could look like would never match. */
    @Property(tries = 2000)
    void isWhatARequestForItIsNormalisedTo(@ForAll("paths") String written) {
        try {
            String prefix = PathPrefix.parse(written);

            assertThat(RequestPath.normalize(prefix)).isEqualTo(prefix);
        } catch (InvalidValueException refused) {
            assertThat(refused).hasMessageContaining("expected");
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "/", "a", ".", "..", "%2e", "%61", "%2f", "%zz", "%", ";", "~", "é", " ", "*", "?", "\u0000")
                .list()
                .ofMaxSize(8)
                .map(parts -> "/" + String.join("", parts));
    }
}
