package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostHedgesTest {

    private final LostHedges lost = new LostHedges();

    @Test
    void tellsForHowLongNothingWasAnsweredSinceTheFirstThatWasOutrun() {
        assertThat(lost.outrun(100, 150)).isEqualTo(50);
        assertThat(lost.outrun(140, 300)).isEqualTo(200);
    }

    @Test
    void beginsAnewWithTheNextThatIsOutrunAfterAnAnswer() {
        lost.outrun(100, 150);

        lost.forget();

        assertThat(lost.outrun(400, 410)).isEqualTo(10);
    }

    @Test
    void hearsOutEightAtOnceAndAnotherWhenOneHasBeenHeard() {
        for (int i = 0; i < 8; i++) {
            assertThat(lost.hearOut()).isTrue();
        }
        assertThat(lost.hearOut()).isFalse();

        lost.heardOut();

        assertThat(lost.hearOut()).isTrue();
        assertThat(lost.hearOut()).isFalse();
    }
}
