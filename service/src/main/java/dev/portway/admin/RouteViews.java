package dev.portway.admin;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.portway.api.RouteView;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.Lease;
import dev.portway.routing.RouteTable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes as they go over the wire: as they are written, with {@code source}, {@code status} and {@code lease}. */
final class RouteViews {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private RouteViews() {}

    static RouteView of(WrittenRoute written, @Nullable Lease lease, RouteTable table, Instant now) {
        Map<String, @Nullable Object> json = WireFormat.MAPPER.convertValue(written.json(), MAP);
        RouteStatus status = table.route(written.id()).map(RouteStatus::of).orElse(RouteStatus.UNKNOWN);
        json.put("source", lease == null ? "file" : "lease");
        json.put("status", BackendViews.written(status));
        if (lease != null) {
            json.put("lease", LeaseViews.of(lease, now));
        }
        return new RouteView(json);
    }
}
