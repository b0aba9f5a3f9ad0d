package dev.portway.admin;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.portway.api.RouteView;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.RouteTable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes as they go over the wire: as the file has them, with {@code source} and {@code status}. */
final class RouteViews {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private RouteViews() {}

    static RouteView of(WrittenRoute written, RouteTable table) {
        Map<String, @Nullable Object> json = WireFormat.MAPPER.convertValue(written.json(), MAP);
        RouteStatus status = table.route(written.id()).map(RouteStatus::of).orElse(RouteStatus.UNKNOWN);
        json.put("source", "file");
        json.put("status", BackendViews.written(status));
        return new RouteView(json);
    }
}
