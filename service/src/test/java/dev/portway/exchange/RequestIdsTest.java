package dev.portway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

    @Test
    void countsBehindANameOfTheInstance() {
        RequestIds ids = new RequestIds(new SplittableRandom(1));
        String first = ids.next();
        String name = first.substring(0, first.indexOf('-') + 1);

        assertThat(first).matches("[0-9a-z]{5}-1");
        for (long number = 2; number < 100_000; number++) {
            assertThat(ids.next()).isEqualTo(name + Long.toString(number, 36));
        }
    }

    @Property
    void namesTheInstanceInFiveDigits(@ForAll long seed) {
        assertThat(new RequestIds(new SplittableRandom(seed)).next()).matches("[0-9a-z]{5}-1");
    }
}
