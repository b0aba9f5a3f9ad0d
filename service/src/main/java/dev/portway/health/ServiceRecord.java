package dev.portway.health;

import static java.util.Objects.requireNonNull;

import com.google.common.math.IntMath;
import dev.portway.routing.NameBook.Place;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.SRVRecord;

/**
 * One server of a service, as DNS tells it (RFC 2782). Immutable.
 *
 * @param priority servers of the lowest are asked
 * @param weight beside the others of the same priority; 0 for a very small one
 */
record ServiceRecord(int priority, int weight, int port, String host) {

    /** What weights are brought below, so that they can be multiplied by those of the file. */
    private static final int MAX_WEIGHT = 100;

    ServiceRecord {
        requireNonNull(host, "host");
    }

    /** What DNS says; null where that names no server that could be asked. */
    static @Nullable ServiceRecord of(SRVRecord record) {
        String host = record.getTarget().toString(true).toLowerCase(Locale.ROOT);
        return record.getPort() == 0 || !isName(host)
                ? null
                : new ServiceRecord(record.getPriority(), record.getWeight(), record.getPort(), host);
    }

    /** Those to ask, with their weights in lowest terms. */
    static List<Place> places(List<ServiceRecord> records) {
        int first = records.stream().mapToInt(ServiceRecord::priority).min().orElse(0);
        List<ServiceRecord> asked =
                records.stream().filter(record -> record.priority == first).toList();
        int divisor = 0;
        int heaviest = 0;
        for (ServiceRecord record : asked) {
            divisor = IntMath.gcd(divisor, record.weight);
            heaviest = Math.max(heaviest, record.weight);
        }
        int most = heaviest / Math.max(1, divisor);
        double scale = most > MAX_WEIGHT ? (double) MAX_WEIGHT / heaviest : 1.0 / Math.max(1, divisor);
        return asked.stream()
                .map(record ->
                        new Place(record.host, record.port, (int) Math.max(1, Math.round(record.weight * scale))))
                .distinct()
                .sorted(Comparator.comparing(Place::host).thenComparing(Place::port))
                .toList();
    }

    /** What cannot be a host's name does not come into URLs and logs, whatever a server says. */
    private static boolean isName(String host) {
        return !host.startsWith(".")
                && host.chars()
                        .allMatch(c ->
                                c == '-' || c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
    }
}
