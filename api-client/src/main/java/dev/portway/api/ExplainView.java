package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which route a request would take, why the others would not, and what would be sent where. Immutable.
 *
 * @param host as routes are compared with it
 * @param path as routes are compared with it
 * @param route id of the route taken; {@code default} where none fits; null where there is no default either, hence 404
 * @param passedOver the other routes, in the file's order
 * @param destinations what would be sent, one for each target of the route taken
 * @param rules of the route taken, with every default written out and every secret left out; empty where none is taken
 * @param mistakenFor id of a guarded route that a backend may take the path for, so that the request is refused (400);
 *     null for none
 * @param lease on the route taken; null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExplainView(
        String host,
        String path,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String route,
        List<PassedOver> passedOver,
        List<Destination> destinations,
        Map<String, Object> rules,
        @Nullable String mistakenFor,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LeaseView lease) {

    /**
     * A view with these parts; null for a list or for the rules becomes an empty one.
     *
     * @throws NullPointerException if {@code host} or {@code path} is null
     */
    public ExplainView(
            String host,
            String path,
            @Nullable String route,
            @Nullable List<PassedOver> passedOver,
            @Nullable List<Destination> destinations,
            @Nullable Map<String, Object> rules,
            @Nullable String mistakenFor,
            @Nullable LeaseView lease) {
        this.host = requireNonNull(host, "host");
        this.path = requireNonNull(path, "path");
        this.route = route;
        this.passedOver = passedOver == null ? List.of() : List.copyOf(passedOver);
        this.destinations = destinations == null ? List.of() : List.copyOf(destinations);
        this.rules = rules == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        this.mistakenFor = mistakenFor;
        this.lease = lease;
    }

    /**
     * A route the request does not take. Immutable.
     *
     * @param route its id
     * @param reason {@code disabled}, {@code host}, {@code path}, {@code method}, {@code header}, {@code less-specific} or
     *     {@code later}: the first that holds
     * @param because the reason in words
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PassedOver(String route, String reason, String because) {

        /**
         * An entry with these parts.
         *
         * @throws NullPointerException if one of them is null
         */
        public PassedOver {
            requireNonNull(route, "route");
            requireNonNull(reason, "reason");
            requireNonNull(because, "because");
        }
    }

    /**
     * What would be sent to a target. Immutable.
     *
     * @param backend id of the backend it goes to
     * @param url the URL, without the base query that the file gives the target, which may be a secret
     * @param host what {@code Host} would say
     * @param candidate whether load balancing may choose it at this moment
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Destination(String backend, String url, String host, boolean candidate) {

        /**
         * A destination with these parts.
         *
         * @throws NullPointerException if one of them is null
         */
        public Destination {
            requireNonNull(backend, "backend");
            requireNonNull(url, "url");
            requireNonNull(host, "host");
        }
    }
}
