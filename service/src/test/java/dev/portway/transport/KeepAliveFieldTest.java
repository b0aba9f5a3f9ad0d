package dev.portway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepAliveFieldTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=5|4500",
                "Timeout=5, max=100|4500",
                "max=100,timeout=60|59000",
                "timeout=0|0",
                "timeout=1|900",
                "max=100|-1",
                "timeout=|-1",
                "timeout=-5|-1",
                "timeout=9999999999|-1",
                "5|-1"
            })
    void leavesAMarginBeforeWhatIsAnnounced(String value, long millis) {
        assertThat(KeepAliveField.usableMillis(value)).isEqualTo(millis);
    }
}
