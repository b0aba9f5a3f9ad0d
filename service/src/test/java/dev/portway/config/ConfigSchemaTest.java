package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.portway.config.InvalidConfigs.InvalidConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema that editors read, the records and the reader agree. */
final class ConfigSchemaTest {

    private static final JsonNode TREE = load();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TREE);

    static Stream<InvalidConfig> invalidConfigs() {
        return InvalidConfigs.all();
    }

    static Stream<String> validConfigs() {
        return ValidConfigs.all();
    }

    @ParameterizedTest
    @MethodSource("validConfigs")
    void takesWhatTheReaderTakes(String text) {
        ReadResult result = ValidConfigs.read(text);

        assertThat(result.errors()).isEmpty();
        assertThat(SCHEMA.validate(text, InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidConfigs")
    void refusesWhatTheReaderRefusesWhereASchemaCan(InvalidConfig invalid) {
        boolean refused = !SCHEMA.validate(invalid.text(), InputFormat.JSON).isEmpty();

        assertThat(refused).as(invalid.schema()).isEqualTo(invalid.refusedBySchema());
    }

    @Test
    void hasThePropertiesTheReaderKnows() {
        sections()
                .forEach((pointer, keys) ->
                        assertThat(properties(pointer)).as(pointer).isEqualTo(new TreeSet<>(keys.names())));
    }

    @Test
    void hasTheComponentsOfTheRecords() {
        Map<String, Class<? extends Record>> records = Map.of(
                "/properties/proxy", ProxyConfig.class,
                "/properties/proxy/properties/admin", AdminConfig.class,
                "/properties/proxy/properties/timeouts", TimeoutsConfig.class,
                "/properties/proxy/properties/limits", LimitsConfig.class,
                "/properties/default", DefaultRouteConfig.class,
                "/$defs/health", HealthConfig.class,
                "/$defs/ejection", EjectionConfig.class,
                "/$defs/retry", RetryConfig.class,
                "/$defs/weightedTarget", TargetConfig.class,
                "/$defs/routeTimeouts", RouteTimeoutsConfig.class);

        records.forEach(
                (pointer, type) -> assertThat(properties(pointer)).as(pointer).isEqualTo(components(type)));
        assertThat(properties("/properties/logging")).containsAll(components(LoggingConfig.class));
        Set<String> written = components(RouteConfig.class);
        written.remove("rules"); // whose keys are the route's own
        assertThat(properties("/$defs/route")).containsAll(written);
    }

    @Test
    void hasTheDefaultsOfTheRecords() {
        JsonNode timeouts = TREE.at("/properties/proxy/properties/timeouts/properties");
        StringBuilder section = new StringBuilder();
        timeouts.properties()
                .forEach(member -> section.append(section.isEmpty() ? "" : ", ")
                        .append('"')
                        .append(member.getKey())
                        .append("\": ")
                        .append(member.getValue().get("default")));
        JsonNode limits = TREE.at("/properties/proxy/properties/limits/properties");
        JsonNode health = TREE.at("/$defs/health/properties");
        String text = "{\"proxy\": {\"port\": 8080, \"timeouts\": {" + section + "}, \"limits\": " + defaults(limits)
                + "}, \"routes\": [{\"target\": 3000, \"health\": " + defaults(health)
                + "}], \"default\": {\"target\": null}}";

        PortwayConfig config = ValidConfigs.read(text).config();

        assertThat(config).isNotNull();
        assertThat(config.proxy().timeouts()).isEqualTo(TimeoutsConfig.DEFAULT);
        assertThat(config.proxy().limits()).isEqualTo(LimitsConfig.DEFAULT);
        assertThat(config.routes().get(0).health()).isEqualTo(HealthConfig.DEFAULT);
    }

    @Test
    void describesEveryProperty() {
        assertThat(TREE.findParents("properties"))
                .isNotEmpty()
                .allSatisfy(section -> section.get("properties")
                        .properties()
                        .forEach(member -> assertThat(member.getValue().isBoolean()
                                        || member.getValue().has("description")
                                        || TREE.at(member.getValue()
                                                        .path("$ref")
                                                        .asText("#")
                                                        .substring(1))
                                                .has("description"))
                                .as(member.getKey())
                                .isTrue()));
    }

    /** Every section whose keys the reader knows, by the pointer of its schema. */
    private static Map<String, Keys> sections() {
        Map<String, Keys> sections = new LinkedHashMap<>();
        sections.put("", PortwayConfig.KEYS);
        sections.put("/properties/proxy", ProxyConfig.KEYS);
        sections.put("/properties/proxy/properties/admin", AdminConfig.KEYS);
        sections.put("/properties/proxy/properties/timeouts", TimeoutsConfig.KEYS);
        sections.put("/properties/proxy/properties/limits", LimitsConfig.KEYS);
        sections.put(
                "/properties/proxy/properties/limits/properties/connectionRate", LimitsConfig.CONNECTION_RATE_KEYS);
        sections.put("/properties/proxy/properties/tls", TlsConfig.KEYS);
        sections.put("/properties/default", DefaultRouteConfig.KEYS);
        sections.put("/properties/logging", LoggingConfig.KEYS);
        sections.put("/properties/security", RulesConfig.SECURITY_KEYS);
        sections.put("/$defs/filter", FilterConfig.KEYS);
        sections.put("/$defs/responseFilter", ResponseFilterConfig.KEYS);
        sections.put("/$defs/cors", CorsConfig.KEYS);
        sections.put("/$defs/limit", LimitConfig.KEYS);
        sections.put("/$defs/headerEdits", HeaderEditsConfig.KEYS);
        sections.put("/$defs/request", RequestConfig.KEYS);
        sections.put("/$defs/response", ResponseConfig.KEYS);
        sections.put("/$defs/queryEdits", QueryEditsConfig.KEYS);
        sections.put("/$defs/rewrite", RewriteConfig.KEYS);
        sections.put("/$defs/redirect", RedirectConfig.KEYS);
        sections.put("/$defs/respond", RespondConfig.KEYS);
        sections.put("/$defs/compression", CompressionConfig.KEYS);
        sections.put("/$defs/securityHeaderRules", HeadersConfig.KEYS);
        sections.put("/$defs/clients", ClientsConfig.KEYS);
        sections.put("/$defs/auth", AuthConfig.KEYS);
        sections.put("/$defs/apiKey", ApiKeyConfig.KEYS);
        sections.put("/$defs/jwt", JwtConfig.KEYS);
        sections.put("/$defs/clientCertificate", CertificateConfig.KEYS);
        sections.put("/properties/proxy/properties/tls/properties/clientCertificates", ClientCertificatesConfig.KEYS);
        sections.put("/$defs/forwardAuth", ForwardAuthConfig.KEYS);
        sections.put("/$defs/route", RouteConfig.KEYS);
        sections.put("/$defs/weightedTarget", TargetConfig.KEYS);
        sections.put("/$defs/sticky", StickyConfig.KEYS);
        sections.put("/$defs/rate", RateConfig.KEYS);
        sections.put("/$defs/loadBalancingObject", LoadBalancingConfig.KEYS);
        sections.put("/$defs/backendTls", BackendTlsConfig.KEYS);
        sections.put("/$defs/health", HealthConfig.KEYS);
        sections.put("/$defs/ejection", EjectionConfig.KEYS);
        sections.put("/$defs/retry", RetryConfig.KEYS);
        sections.put("/$defs/queue", QueueConfig.KEYS);
        sections.put("/$defs/routeTimeouts", RouteTimeoutsConfig.KEYS);
        return sections;
    }

    private static String defaults(JsonNode properties) {
        StringBuilder section = new StringBuilder();
        properties.properties().stream()
                .filter(member -> member.getValue().has("default"))
                .forEach(member -> section.append(section.isEmpty() ? "{" : ", ")
                        .append('"')
                        .append(member.getKey())
                        .append("\": ")
                        .append(member.getValue().get("default")));
        return section.append('}').toString();
    }

    private static Set<String> properties(String pointer) {
        Set<String> names = new TreeSet<>();
        TREE.at(pointer).get("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> components(Class<? extends Record> type) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).forEach(names::add);
        return names;
    }

    private static JsonNode load() {
        try (InputStream schema = ConfigSchemaTest.class.getResourceAsStream("/config.schema.json")) {
            return new ObjectMapper().readTree(schema);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
