package dev.portway.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.junit.jupiter.api.Test;

class LeftFieldTest {

    private final LeftField field = new LeftField("\"client\"");

    @Test
    void saysWhatIsLeftAndForHowLong() {
        assertThat(field.of(0, 0)).hasToString("RateLimit: \"client\";r=0;t=0");
        assertThat(field.of(9, 10).getValue()).isEqualTo("\"client\";r=9;t=10");
        assertThat(field.of(1_000_000, 3600).getValue()).isEqualTo("\"client\";r=1000000;t=3600");
        assertThat(field.of(Long.MAX_VALUE, Long.MAX_VALUE).getValue())
                .isEqualTo("\"client\";r=" + Long.MAX_VALUE + ";t=" + Long.MAX_VALUE);
    }

    @Test
    void saysNoTimeWhereNobodyKnowsIt() {
        assertThat(field.of(12, -1).getValue()).isEqualTo("\"client\";r=12");
    }

    @Test
    void saysTheSameInTheSameFieldAndNothingOfAnother() {
        HttpField first = field.of(5, 1);

        assertThat(field.of(5, 1)).isSameAs(first);
        assertThat(Stream.of(field.of(5, 2), field.of(261, 1), field.of(5, 1)).map(HttpField::getValue))
                .containsExactly("\"client\";r=5;t=2", "\"client\";r=261;t=1", "\"client\";r=5;t=1");
    }
}
