package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One route as written, with defaults filled in. Immutable.
 *
 * @param id unique; made from host and path where the file has none
 * @param host names it serves, lower case, IDN as A-labels: exact, {@code *.suffix} or an IP literal; empty for any
 * @param path prefix on segment boundaries, normalised; {@code /} for any
 * @param methods served; empty for any
 * @param headers that a request must carry, name to value; {@code *} for any value
 * @param enabled whether it takes requests
 * @param metadata the user's own notes, kept and shown, never read
 * @param targets where requests go; none where a rule answers them
 * @param loadBalancing how one of several targets is chosen
 * @param sticky what binds a client to the target that served it first; null where nothing does
 * @param health the active check, or null for none
 * @param ejection how failing requests take a target out for a while, by default where there are several; null for not
 *     at all
 * @param retry when a request that failed at one target is sent again
 * @param waitForBackend how long a request waits where nothing listens at any target; {@link Duration#ZERO} for not at all
 * @param queue of those that wait for a place where every target is full; null for none
 * @param timeouts its own time limits
 * @param tls how its TLS backends are known; null for the system's trust
 * @param upgrades protocols that a connection may be upgraded to, lower case
 * @param proxyProtocol in which version its backends are told whose connection they get; null for not at all
 * @param hostHeader {@code "preserve"}, {@code "target"} or a name to send as {@code Host}; null for the default rule
 * @param rules its own and those of {@code security}
 */
public record RouteConfig(
        String id,
        List<String> host,
        String path,
        List<String> methods,
        Map<String, String> headers,
        boolean enabled,
        Map<String, Object> metadata,
        List<TargetConfig> targets,
        LoadBalancingConfig loadBalancing,
        @Nullable StickyConfig sticky,
        @Nullable HealthConfig health,
        @Nullable EjectionConfig ejection,
        RetryConfig retry,
        Duration waitForBackend,
        @Nullable QueueConfig queue,
        RouteTimeoutsConfig timeouts,
        @Nullable BackendTlsConfig tls,
        List<String> upgrades,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable String hostHeader,
        RulesConfig rules) {

    /** What a route lets a connection be upgraded to where it does not say. */
    public static final List<String> DEFAULT_UPGRADES = List.of("websocket");

    public RouteConfig {
        requireNonNull(id, "id");
        host = List.copyOf(host);
        requireNonNull(path, "path");
        methods = List.copyOf(methods);
        headers = Map.copyOf(headers);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata)); // may hold nulls
        targets = List.copyOf(targets);
        requireNonNull(loadBalancing, "loadBalancing");
        requireNonNull(retry, "retry");
        requireNonNull(waitForBackend, "waitForBackend");
        requireNonNull(timeouts, "timeouts");
        upgrades = List.copyOf(upgrades);
        requireNonNull(rules, "rules");
    }

    /** Whether the same requests take this route as {@code other}, meet the same rules, and are sent in the same form. */
    public boolean treatsAs(RouteConfig other) {
        return host.equals(other.host)
                && path.equals(other.path)
                && methods.equals(other.methods)
                && headers.equals(other.headers)
                && rules.equals(other.rules)
                && upgrades.equals(other.upgrades)
                && proxyProtocol == other.proxyProtocol
                && Objects.equals(hostHeader, other.hostHeader);
    }

    static final Keys KEYS = Keys.of(
                    "id",
                    "host",
                    "path",
                    "methods",
                    "headers",
                    "enabled",
                    "metadata",
                    "target",
                    "targets",
                    "loadBalancing",
                    "sticky",
                    "health",
                    "ejection",
                    "retry",
                    "waitForBackend",
                    "queue",
                    "timeouts",
                    "tls",
                    "upgrades",
                    "proxyProtocol",
                    "hostHeader")
            .and(RulesConfig.KEYS)
            .with("headers", Keys.ANY)
            .with("metadata", Keys.ANY)
            .withEach("targets", TargetConfig.KEYS)
            .with("loadBalancing", LoadBalancingConfig.KEYS)
            .with("sticky", StickyConfig.KEYS)
            .with("health", HealthConfig.KEYS)
            .with("ejection", EjectionConfig.KEYS)
            .with("retry", RetryConfig.KEYS)
            .with("queue", QueueConfig.KEYS)
            .with("timeouts", RouteTimeoutsConfig.KEYS)
            .with("tls", BackendTlsConfig.KEYS)
            .with("filter", FilterConfig.KEYS)
            .with("cors", CorsConfig.KEYS)
            .withEach("rateLimit", LimitConfig.KEYS)
            .with("request", RequestConfig.KEYS)
            .with("response", ResponseConfig.KEYS)
            .with("clients", ClientsConfig.KEYS)
            .with("auth", AuthConfig.KEYS)
            .with("rewrite", RewriteConfig.KEYS)
            .with("redirect", RedirectConfig.KEYS)
            .with("respond", RespondConfig.KEYS)
            .with("compression", CompressionConfig.KEYS)
            .without(Unsupported.ROUTE_KEYS);

    /** What may answer a request: one of these. */
    private static final List<String> ANSWERERS = List.of("target", "targets", "redirect", "respond");

    private static final String EXPECTED_METHODS = "a list such as [\"GET\", \"POST\"]";
    private static final String EXPECTED_UPGRADES = "[\"websocket\"], or [] for none";
    private static final String EXPECTED_HEADERS = "{ \"X-Name\": \"value\" }, or \"*\" for any value";

    /** A route of the list form. */
    static RouteConfig read(Cursor at, Surroundings around) throws InvalidValueException {
        Members in = at.members(KEYS);
        List<String> host = in.get("host", List.of(), RouteConfig::readHosts);
        String path = in.get("path", "/", PathPrefix::read);
        return read(in, host, path, around);
    }

    /** A route of the object form that is an object: the key of it says host and path. */
    static RouteConfig readKeyed(Cursor at, List<String> host, String path, Surroundings around)
            throws InvalidValueException {
        Members in = at.members(KEYS);
        for (String name : List.of("host", "path")) {
            if (in.has(name)) {
                at.keyError(name, "\"" + name + "\" is said by the key of the route (expected: only there)");
            }
        }
        return read(in, host, path, around);
    }

    /** A route that says nothing but where it goes. */
    public static RouteConfig of(List<String> host, String path, List<TargetConfig> targets) {
        return new RouteConfig(
                RouteId.of(host, path),
                host,
                path,
                List.of(),
                Map.of(),
                true,
                Map.of(),
                targets,
                LoadBalancingConfig.DEFAULT,
                null,
                null,
                defaultEjection(targets).orElse(null),
                RetryConfig.DEFAULT,
                Duration.ZERO,
                null,
                RouteTimeoutsConfig.INHERITED,
                null,
                DEFAULT_UPGRADES,
                null,
                null,
                RulesConfig.NONE);
    }

    /** The same route under these rules. */
    public RouteConfig with(RulesConfig rules) {
        return with(path, rules);
    }

    /** The same route at another path. */
    public RouteConfig at(String path) {
        return with(path, rules);
    }

    private RouteConfig with(String path, RulesConfig rules) {
        return new RouteConfig(
                id,
                host,
                path,
                methods,
                headers,
                enabled,
                metadata,
                targets,
                loadBalancing,
                sticky,
                health,
                ejection,
                retry,
                waitForBackend,
                queue,
                timeouts,
                tls,
                upgrades,
                proxyProtocol,
                hostHeader,
                rules);
    }

    private static RouteConfig read(Members in, List<String> host, String path, Surroundings around) {
        HealthConfig health = in.get("health", HealthConfig::read);
        List<TargetConfig> targets = readTargets(in, around.own(), health == null ? HealthConfig.DEFAULT : health);
        if (health != null
                && health.port() != 0
                && targets.stream()
                        .anyMatch(target ->
                                target.health() == null && target.url().local())) {
            in.at().keyError("health", HealthConfig.NO_PORT);
        }
        return new RouteConfig(
                in.get("id", RouteId.of(host, path), RouteId::read),
                host,
                path,
                in.get("methods", List.of(), methods -> methods.filledList(Token::method, EXPECTED_METHODS)),
                in.get("headers", Map.of(), headers -> HeaderFields.read(headers, EXPECTED_HEADERS)),
                in.get("enabled", true, Cursor::bool),
                in.get("metadata", Map.of(), RouteConfig::readMetadata),
                targets,
                in.get("loadBalancing", LoadBalancingConfig.DEFAULT, LoadBalancingConfig::read),
                in.get("sticky", Optional.<StickyConfig>empty(), StickyConfig::read)
                        .orElse(null),
                health,
                in.get("ejection", defaultEjection(targets), EjectionConfig::read)
                        .orElse(null),
                in.get("retry", RetryConfig.DEFAULT, RetryConfig::read),
                in.get("waitForBackend", Duration.ZERO, WrittenDuration::orNone),
                in.get("queue", Optional.<QueueConfig>empty(), QueueConfig::read)
                        .orElse(null),
                in.get("timeouts", RouteTimeoutsConfig.INHERITED, RouteTimeoutsConfig::read),
                readTls(in, targets),
                in.get(
                        "upgrades",
                        DEFAULT_UPGRADES,
                        tokens -> tokens.list(RouteConfig::readUpgrade, EXPECTED_UPGRADES)),
                in.get("proxyProtocol", ProxyProtocol::read),
                in.get("hostHeader", RouteConfig::readHostHeader),
                RulesConfig.read(in, around.security()));
    }

    private static List<String> readHosts(Cursor at) throws InvalidValueException {
        return at.node().isArray()
                ? at.filledList(HostName::pattern, "hosts, or no \"host\" at all for any").stream()
                        .distinct()
                        .toList()
                : List.of(HostName.pattern(at));
    }

    private static List<TargetConfig> readTargets(Members in, Listeners own, HealthConfig health) {
        List<String> ways = ANSWERERS.stream().filter(in::has).toList();
        if (ways.size() > 1) {
            in.at()
                    .keyError(
                            ways.get(1),
                            "both \"" + ways.get(0) + "\" and \"" + ways.get(1)
                                    + "\" are there (expected: one of them)");
        }
        if (ways.isEmpty()) {
            in.at().member("target").error("missing (expected: a port such as 3000, a URL, or several in \"targets\")");
        }
        TargetConfig target = in.get("target", at -> TargetConfig.readShort(at, own));
        List<TargetConfig> targets = in.get("targets", List.of(), at -> readTargets(at, own, health));
        return target == null ? targets : List.of(target);
    }

    /** A list of targets, at least one of which takes traffic. */
    static List<TargetConfig> readTargets(Cursor at, Listeners own, HealthConfig health) throws InvalidValueException {
        List<TargetConfig> targets = at.filledList(
                target -> TargetConfig.read(target, own, health),
                "at least one port, URL or { \"url\": ..., \"weight\": ... }");
        if (!targets.isEmpty() && targets.stream().allMatch(target -> target.weight() == 0)) {
            throw new InvalidValueException("gives every target the weight 0", "a weight above 0 for one of them");
        }
        return targets;
    }

    private static String readUpgrade(Cursor at) throws InvalidValueException {
        String token = at.text("a protocol", "such as \"websocket\"");
        int slash = token.indexOf('/');
        boolean named = slash < 0
                ? Token.is(token)
                : Token.is(token.substring(0, slash)) && Token.is(token.substring(slash + 1));
        if (!named) {
            throw new InvalidValueException("is not a protocol's name", "such as \"websocket\"");
        }
        String lower = token.toLowerCase(Locale.ROOT);
        if (lower.equals("h2c") || lower.equals("http/2.0") || lower.startsWith("tls/")) {
            throw new InvalidValueException(
                    "is a version of HTTP or TLS, which the proxy speaks itself", "such as \"websocket\"");
        }
        return lower;
    }

    private static Map<String, Object> readMetadata(Cursor at) throws InvalidValueException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (Cursor member : at.each("an object with anything in it")) {
            metadata.put(member.key(), plain(member.node()));
        }
        return metadata;
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> object = new LinkedHashMap<>();
            node.properties().forEach(member -> object.put(member.getKey(), plain(member.getValue())));
            return Collections.unmodifiableMap(object);
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>(node.size());
            node.forEach(item -> list.add(plain(item)));
            return Collections.unmodifiableList(list);
        }
        if (node.isNumber()) {
            return node.numberValue();
        }
        return node.isBoolean() ? Boolean.valueOf(node.booleanValue()) : node.textValue();
    }

    private static Optional<EjectionConfig> defaultEjection(List<TargetConfig> targets) {
        boolean several = targets.size() > 1
                || targets.stream().anyMatch(target -> target.resolve().several());
        return several ? Optional.of(EjectionConfig.DEFAULT) : Optional.empty();
    }

    private static @Nullable BackendTlsConfig readTls(Members in, List<TargetConfig> targets) {
        if (in.has("tls")
                && !targets.isEmpty()
                && targets.stream().noneMatch(target -> target.url().secure())) {
            in.at().keyError("tls", "\"tls\" is for targets that speak it (expected: a target with https:// or h2://)");
        }
        return in.get("tls", BackendTlsConfig::read);
    }

    private static String readHostHeader(Cursor at) throws InvalidValueException {
        String expected = "preserve, target, or a name to send such as \"app.example\"";
        String text = at.text("a Host to send", expected);
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        if (hasPort && Ascii.port(text.substring(colon + 1)) < 0) {
            throw new InvalidValueException("has no such port", "1..65535 after the colon");
        }
        String name = HostName.name(hasPort ? text.substring(0, colon) : text, expected);
        String literal = name.indexOf(':') >= 0 ? "[" + name + "]" : name;
        return hasPort ? literal + text.substring(colon) : literal;
    }
}
