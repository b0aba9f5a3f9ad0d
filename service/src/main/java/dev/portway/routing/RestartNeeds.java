package dev.portway.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.LimitsConfig;
import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.TimeoutsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What a running process cannot take up from a changed file: its listeners and what Dropwizard set up once. */
final class RestartNeeds {

    private static final List<String> DROPWIZARD_SECTIONS = List.of("server", "metrics", "health", "logging");

    /** Of {@code logging}, what {@code LoggingConfig} says; compared there, with its defaults filled in. */
    private static final List<String> LOGGING_KEYS = List.of("level", "format", "destination", "access");

    private static final Map<String, Function<PortwayConfig, Object>> FIXED = Map.ofEntries(
            proxy("/proxy/host", ProxyConfig::host),
            proxy("/proxy/port", ProxyConfig::port),
            proxy("/proxy/admin", ProxyConfig::admin),
            proxy("/proxy/trustedProxies", ProxyConfig::trustedProxies),
            proxy("/proxy/proxyProtocol", ProxyConfig::proxyProtocol),
            proxy("/proxy/tls", proxy -> Optional.ofNullable(proxy.tls())),
            proxy("/proxy/dns", proxy -> Optional.ofNullable(proxy.dns())),
            limits("/proxy/limits/connections", LimitsConfig::connections),
            limits("/proxy/limits/headerBytes", LimitsConfig::headerBytes),
            limits("/proxy/limits/backendConnections", LimitsConfig::backendConnections),
            limits("/proxy/limits/uploadRate", LimitsConfig::uploadRate),
            limits("/proxy/limits/connectionRate", limits -> Optional.ofNullable(limits.connectionRate())),
            timeouts("/proxy/timeouts/header", TimeoutsConfig::header),
            timeouts("/proxy/timeouts/pool", TimeoutsConfig::pool),
            timeouts("/proxy/timeouts/keepAlive", TimeoutsConfig::keepAlive),
            timeouts("/proxy/timeouts/shutdown", TimeoutsConfig::shutdown),
            Map.entry("/logging", PortwayConfig::logging));

    private RestartNeeds() {}

    /** Pointers of the values that differ between what the process started with and what the file says now. */
    static List<String> between(ConfigDocument started, ConfigDocument now) {
        PortwayConfig before = started.read().config();
        PortwayConfig after = now.read().config();
        if (before == null || after == null) {
            return List.of();
        }
        List<String> pointers = new ArrayList<>();
        FIXED.forEach((pointer, value) -> {
            if (!value.apply(before).equals(value.apply(after))) {
                pointers.add(pointer);
            }
        });
        for (String section : DROPWIZARD_SECTIONS) {
            if (!Objects.equals(section(started, section), section(now, section))) {
                pointers.add("/" + section);
            }
        }
        return pointers.stream().distinct().sorted().toList();
    }

    private static JsonNode section(ConfigDocument document, String name) {
        JsonNode section = document.read().tree().path(name);
        return section instanceof ObjectNode object && name.equals("logging")
                ? object.deepCopy().without(LOGGING_KEYS)
                : section;
    }

    private static Map.Entry<String, Function<PortwayConfig, Object>> proxy(
            String pointer, Function<ProxyConfig, Object> value) {
        return Map.entry(pointer, config -> value.apply(config.proxy()));
    }

    private static Map.Entry<String, Function<PortwayConfig, Object>> limits(
            String pointer, Function<LimitsConfig, Object> value) {
        return proxy(pointer, proxy -> value.apply(proxy.limits()));
    }

    private static Map.Entry<String, Function<PortwayConfig, Object>> timeouts(
            String pointer, Function<TimeoutsConfig, Object> value) {
        return proxy(pointer, proxy -> value.apply(proxy.timeouts()));
    }
}
