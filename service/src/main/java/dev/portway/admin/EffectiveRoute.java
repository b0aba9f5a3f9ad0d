package dev.portway.admin;

import static dev.portway.config.WrittenDuration.written;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.portway.config.EjectionConfig;
import dev.portway.config.HealthConfig;
import dev.portway.config.HedgeConfig;
import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.QueueConfig;
import dev.portway.config.RateConfig;
import dev.portway.config.RetryConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.StickyConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TimeoutsConfig;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.Route;
import dev.portway.upstream.Target;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A route with every default and inherited rule written out, in the words of the file. */
final class EffectiveRoute {

    /** Keys, beside those of rules, that are shown as they stand in the file where they have placeholders. */
    private static final List<String> UNREAD = List.of(
            "loadBalancing",
            "sticky",
            "ejection",
            "retry",
            "waitForBackend",
            "queue",
            "timeouts",
            "upgrades",
            "proxyProtocol");

    private EffectiveRoute() {}

    /**
     * The whole route as it works.
     *
     * @param written the same route, whose {@code headers} and {@code metadata}, and targets that have placeholders, are
     *     shown as they stand in the file, so that a secret from the environment stays there
     */
    static ObjectNode json(Route route, WrittenRoute written) {
        RouteConfig config = route.config();
        ObjectNode json = WireFormat.MAPPER.createObjectNode();
        json.put("id", config.id());
        config.host().forEach(json.putArray("host")::add);
        json.put("path", config.path());
        config.methods().forEach(json.putArray("methods")::add);
        copy("headers", written, json);
        json.put("enabled", config.enabled());
        copy("metadata", written, json);
        ArrayNode targets = json.putArray("targets");
        for (TargetConfig target : config.targets()) {
            List<Target> ways = route.upstream().targets().stream()
                    .filter(way -> way.config().equals(target))
                    .toList();
            targets.add(target(ways, targets.size(), written));
        }
        json.set("loadBalancing", loadBalancing(config.loadBalancing()));
        json.set("sticky", sticky(config.sticky()));
        json.set("health", health(config.health(), written.json().path("health")));
        json.set("ejection", ejection(config.ejection()));
        json.set("retry", retry(config.retry()));
        json.put("waitForBackend", written(config.waitForBackend()));
        json.set("queue", queue(config.queue()));
        json.set("timeouts", timeouts(route.timeouts()));
        config.upgrades().forEach(json.putArray("upgrades")::add);
        json.put(
                "proxyProtocol",
                config.proxyProtocol() == null ? null : config.proxyProtocol().written());
        UNREAD.forEach(key -> json.set(key, written.unread(key, json.path(key))));
        json.setAll(config.rules().json());
        json.put("source", "file");
        json.put("status", BackendViews.written(RouteStatus.of(route)));
        return json;
    }

    /** @param ways to the backends that the target stands for, at least one */
    private static ObjectNode target(List<Target> ways, int index, WrittenRoute written) {
        Target target = ways.get(0);
        ObjectNode json = WireFormat.MAPPER.createObjectNode();
        json.put("url", written.urlWithPlaceholders(index).orElseGet(target.url()::toString));
        json.put("weight", target.config().weight());
        json.put("state", BackendViews.written(target.state()));
        int maxConcurrent = target.config().maxConcurrent();
        json.put("maxConcurrent", maxConcurrent == TargetConfig.ANY_NUMBER ? null : maxConcurrent);
        json.set("maxRequests", rate(target.config().maxRequests()));
        json.put("slowStart", written(target.config().slowStart()));
        HealthConfig own = target.config().health();
        if (own != null) {
            JsonNode route = written.json();
            json.set("health", health(own, route.at("/targets/" + index + "/health"), route.path("health")));
        }
        String hostHeader = target.hostHeader() == null ? "preserve" : target.hostHeader();
        json.put("hostHeader", written.hostHeaderWithPlaceholders().orElse(hostHeader));
        json.put("resolve", BackendViews.written(target.config().resolve()));
        if (!target.config().resolve().several()) {
            json.put("backend", target.backend().id());
        } else {
            ways.forEach(way -> json.withArray("backends").add(way.backend().id()));
        }
        return json;
    }

    private static JsonNode loadBalancing(LoadBalancingConfig config) {
        if (config.strategy() != LoadBalancing.HASH) {
            return TextNode.valueOf(config.strategy().written());
        }
        return WireFormat.MAPPER
                .createObjectNode()
                .put("strategy", config.strategy().written())
                .put("key", config.key().written());
    }

    /** Without its secret. */
    private static JsonNode sticky(@Nullable StickyConfig sticky) {
        return sticky == null
                ? BooleanNode.FALSE
                : WireFormat.MAPPER.createObjectNode().put("name", sticky.name());
    }

    private static @Nullable ObjectNode rate(@Nullable RateConfig rate) {
        return rate == null
                ? null
                : WireFormat.MAPPER
                        .createObjectNode()
                        .put("requests", rate.requests())
                        .put("per", written(rate.per()));
    }

    /**
     * A check.
     *
     * @param written the same as in the file, whose texts are shown in place of what their placeholders stand for; the first
     *     one that has a text counts
     */
    private static @Nullable ObjectNode health(@Nullable HealthConfig health, JsonNode... written) {
        if (health == null) {
            return null;
        }
        ObjectNode json = WireFormat.MAPPER.createObjectNode();
        json.put("tcp", health.tcp());
        json.put("method", health.method());
        json.put("path", health.path());
        health.headers().forEach(json.putObject("headers")::put);
        json.put("body", health.body());
        json.put("port", health.port() == 0 ? null : health.port());
        json.put("interval", written(health.interval()));
        json.put("timeout", written(health.timeout()));
        json.put("rise", health.rise());
        json.put("fall", health.fall());
        json.put("expect", health.expect().toString());
        for (String text : List.of("path", "headers", "body")) {
            Stream.of(written)
                    .filter(place -> place.has(text))
                    .findFirst()
                    .ifPresent(place -> json.set(text, place.get(text)));
        }
        return json;
    }

    private static JsonNode ejection(@Nullable EjectionConfig rule) {
        if (rule == null) {
            return BooleanNode.FALSE;
        }
        ObjectNode json = WireFormat.MAPPER.createObjectNode();
        json.put("failures", rule.failures());
        json.put("failureRate", rule.failureRate());
        json.put("minRequests", rule.minRequests());
        json.put("window", written(rule.window()));
        json.put("statuses", rule.statuses().toString());
        json.put("time", written(rule.time()));
        json.put("maxTime", written(rule.maxTime()));
        json.put("maxEjected", rule.maxEjected());
        return json;
    }

    private static ObjectNode retry(RetryConfig rule) {
        ObjectNode json = WireFormat.MAPPER.createObjectNode();
        json.put("attempts", rule.attempts());
        ArrayNode statuses = json.putArray("statuses");
        rule.statuses().forEach(range -> statuses.add(range.toString()));
        json.put("timeouts", rule.timeouts());
        json.put("budget", rule.budget());
        json.put("within", written(rule.within()));
        HedgeConfig hedge = rule.hedge();
        if (hedge == null) {
            json.put("hedge", false);
        } else {
            json.putObject("hedge").put("after", hedge.written());
        }
        return json;
    }

    private static JsonNode queue(@Nullable QueueConfig queue) {
        return queue == null
                ? BooleanNode.FALSE
                : WireFormat.MAPPER
                        .createObjectNode()
                        .put("requests", queue.requests())
                        .put("wait", written(queue.patience()));
    }

    private static ObjectNode timeouts(TimeoutsConfig timeouts) {
        ObjectNode json = WireFormat.MAPPER.createObjectNode();
        json.put("connect", written(timeouts.connect()));
        json.put("header", written(timeouts.header()));
        json.put("upload", written(timeouts.upload()));
        json.put("response", written(timeouts.response()));
        json.put("stream", written(timeouts.stream()));
        json.put("tunnel", written(timeouts.tunnel()));
        json.put("pool", written(timeouts.pool()));
        json.put("keepAlive", written(timeouts.keepAlive()));
        json.put("request", written(timeouts.request()));
        return json;
    }

    private static void copy(String key, WrittenRoute written, ObjectNode json) {
        json.set(key, written.json().has(key) ? written.json().get(key) : WireFormat.MAPPER.createObjectNode());
    }
}
