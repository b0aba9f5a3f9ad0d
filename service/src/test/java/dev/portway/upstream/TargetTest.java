package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // base path and query | path and query       | sent
                "''     | -    | /          | -    | /", // behaviour 23
                "''     | -    | /a/b       | -    | /a/b",
                "/base  | -    | /          | -    | /base/",
                "/base  | -    | /a         | -    | /base/a",
                "/base  | -    | //a        | -    | /base//a",
                "''     | -    | //a        | -    | //a",
                "/b%2Fc | -    | /d%2fe     | -    | /b%2Fc/d%2fe", // behaviour 24
                "/%7eb  | -    | /%61;x=+   | -    | /%7eb/%61;x=+",
                "''     | -    | /a         | b=c  | /a?b=c", // behaviour 22
                "''     | -    | /a         | ''   | /a?",
                "''     | ''   | /a         | -    | /a",
                "''     | ''   | /a         | ''   | /a?",
                "''     | k=1  | /a         | -    | /a?k=1",
                "''     | k=1  | /a         | ''   | /a?k=1",
                "''     | k=1  | /a         | b=c  | /a?k=1&b=c",
                "''     | k=%20&k | /a      | b=+&&?c;d | /a?k=%20&k&b=+&&?c;d",
                "/base  | k=1  | *          | -    | *",
            })
    void joinsItsBaseAndTheRequest(
            String basePath, @Nullable String baseQuery, String path, @Nullable String query, String sent) {
        Target target = target(new TargetUrl("http", "localhost", 3000, basePath, baseQuery), 1, TargetState.UP);

        assertThat(target.requestTarget(path, query)).isEqualTo(sent);
    }

    @Test
    void allocatesNothingWhereThePathIsAllThereIs() {
        String path = "/a/b";

        assertThat(target(TargetUrl.ofPort(3000), 1, TargetState.UP).requestTarget(path, null))
                .isSameAs(path);
    }

    @ParameterizedTest
    @EnumSource(TargetState.class)
    void isEnabledByTheAdminApisWordElseByTheConfigurations(TargetState state) {
        Target up = target(TargetUrl.ofPort(3000), 1, TargetState.UP);
        Target down = target(TargetUrl.ofPort(3000), 1, TargetState.DOWN);

        assertThat(up.enabled()).isTrue();
        assertThat(down.enabled()).isFalse();
        up.backend().override(state);
        down.backend().override(state);

        assertThat(up.enabled()).isEqualTo(state == TargetState.UP);
        assertThat(down.enabled()).isEqualTo(state == TargetState.UP);
    }

    @Test
    void isNeverEnabledWithoutWeight() {
        Target target = target(TargetUrl.ofPort(3000), 0, TargetState.UP);

        target.backend().override(TargetState.UP);

        assertThat(target.enabled()).isFalse();
    }

    private static Target target(TargetUrl url, int weight, TargetState state) {
        Backend backend = new BackendPool(InstantSource.system()).retain(new Backend.Identity(url, null, null, null));
        return new Target(backend, new TargetConfig(url, weight, state, null), null, null);
    }
}
