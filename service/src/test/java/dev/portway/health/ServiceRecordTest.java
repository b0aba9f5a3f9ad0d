package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.routing.NameBook.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

class ServiceRecordTest {

    @Test
    void leavesTheDotOffAndCapitals() {
        assertThat(read("1 2 8080 Node1.Example.")).isEqualTo(new ServiceRecord(1, 2, 8080, "node1.example"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 0 a.",
                "0 0 80 .",
                "0 0 80 a\\\\b.",
                "0 0 80 a\\010b.",
                "0 0 80 a/b.",
                "0 0 80 a@b.",
                "0 0 80 a:1."
            })
    void leavesOutWhatNamesNoServer(String record) {
        assertThat(read(record)).isNull();
    }

    @Test
    void bringsWeightsToLowestTerms() {
        assertThat(places("0 30 1 a.", "0 10 2 b.", "0 20 3 c."))
                .containsExactly(place(1, 3), place(2, 1), place(3, 2));
        assertThat(places("0 500 1 a.", "0 500 2 b.")).containsExactly(place(1, 1), place(2, 1));
        assertThat(places("0 65535 1 a.", "0 32767 2 b.")).containsExactly(place(1, 100), place(2, 50));
    }

    @Test
    void leavesLittleToWhoHasNoWeight() {
        assertThat(places("0 0 1 a.", "0 0 2 b.")).containsExactly(place(1, 1), place(2, 1));
        assertThat(places("0 60000 1 a.", "0 50000 2 b.", "0 0 3 c."))
                .containsExactly(place(1, 6), place(2, 5), place(3, 1));
    }

    @Test
    void takesThoseOfTheLowestPriorityInWhicheverOrder() {
        assertThat(places("2 1 1 a.", "1 1 3 c.", "1 1 2 b.")).isEqualTo(places("1 1 2 b.", "2 1 1 a.", "1 1 3 c."));
        assertThat(places("2 1 1 a.", "1 1 3 c.", "1 1 2 b.")).containsExactly(place(2, 1), place(3, 1));
    }

    private static List<Place> places(String... records) {
        return ServiceRecord.places(Stream.of(records)
                .map(ServiceRecordTest::read)
                .filter(Objects::nonNull)
                .toList());
    }

    private static @Nullable ServiceRecord read(String record) {
        try {
            return ServiceRecord.of(
                    (SRVRecord) Record.fromString(Name.root, Type.SRV, DClass.IN, 60, record, Name.root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first host is a, the second b. */
    private static Place place(int port, int weight) {
        return new Place(String.valueOf((char) ('a' + port - 1)), port, weight);
    }
}
