package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TextSpliceTest {

    @Property(tries = 500)
    void makesTheTextBeforeOfTheOneAfter(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 20) String before,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 20) String after) {
        assertThat(TextSplice.between(before, after).undone(after)).isEqualTo(before);
    }

    @Test
    void isTheSmallest() {
        assertThat(TextSplice.between("[1, 2]", "[1, 5, 2]")).isEqualTo(new TextSplice(4, 3, ""));
        assertThat(TextSplice.between("[1, 2]", "[1]")).isEqualTo(new TextSplice(2, 0, ", 2"));
        assertThat(TextSplice.between("same", "same")).isEqualTo(new TextSplice(4, 0, ""));
    }

    @Test
    void partsNoCharacterInHalves() {
        String one = "\uD83D\uDE00"; // the same first half,
        String other = "\uD83D\uDE01";
        String third = "\uD83C\uDE00"; // the same second half

        assertThat(TextSplice.between(one, other)).isEqualTo(new TextSplice(0, 2, one));
        assertThat(TextSplice.between(one, third)).isEqualTo(new TextSplice(0, 2, one));
    }
}
