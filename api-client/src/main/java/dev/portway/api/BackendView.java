package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One backend and what is known of it now. Immutable.
 *
 * @param id names it in paths, logs and metrics: {@code localhost:3000}
 * @param url its origin: {@code http://localhost:3000}
 * @param resolvedFrom the name that has its address, where a target stands for each address of a name; null for any other
 * @param health {@code up}, {@code down}, or {@code unknown} while nobody has looked
 * @param since when {@code health} last changed
 * @param reason of that change, for people; null if there is none yet
 * @param state {@code up}, {@code drain} or {@code down}, as a person set it; null where nobody did, and where its routes
 *     do not agree and each route's own {@code state} counts
 * @param stateSource who set it: {@code admin} for {@code PATCH /backends/ID}, {@code file} for the configuration; null where
 *     {@code state} is
 * @param stateSince when that was set; null where {@code state} is
 * @param note what to know about a {@code state} set by the admin API; null for any other
 * @param check what decides its health; null where that is its traffic
 * @param inFlight requests sent to it and not yet answered whole
 * @param waiting requests that wait for it: for a place, or until something listens; those of a route with several
 *     targets wait for each of them
 * @param requests sent to it since it came into use
 * @param failures of those, the ones it failed
 * @param latencyMillis moving average of the time to the head of its response, in milliseconds; null before the first
 * @param lastError the last failure seen; null if there was none
 * @param ejection why it gets no requests, or few; null while they go well, and where no route asks for it
 * @param slowStart how far its share has grown since it takes requests again; null where it has grown. Where it has grown
 *     differently in its routes, the smallest
 * @param lastChange the last of all that was changed about it
 * @param routes ids of the routes that use it; {@code default} for the one made of the file's {@code default}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackendView(
        String id,
        String url,
        @Nullable String resolvedFrom,
        String health,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant since,
        @Nullable String reason,
        @Nullable String state,
        @Nullable String stateSource,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant stateSince,

        @Nullable String note,
        @Nullable Check check,
        int inFlight,
        int waiting,
        long requests,
        long failures,
        @Nullable Double latencyMillis,
        @Nullable LastError lastError,
        @Nullable Ejection ejection,
        @Nullable SlowStart slowStart,
        Change lastChange,
        List<String> routes) {

    /**
     * A view with these parts; null for {@code routes} becomes an empty list.
     *
     * @throws NullPointerException if {@code id}, {@code url}, {@code health}, {@code since} or {@code lastChange} is null
     */
    public BackendView(
            String id,
            String url,
            @Nullable String resolvedFrom,
            String health,
            Instant since,
            @Nullable String reason,
            @Nullable String state,
            @Nullable String stateSource,
            @Nullable Instant stateSince,
            @Nullable String note,
            @Nullable Check check,
            int inFlight,
            int waiting,
            long requests,
            long failures,
            @Nullable Double latencyMillis,
            @Nullable LastError lastError,
            @Nullable Ejection ejection,
            @Nullable SlowStart slowStart,
            Change lastChange,
            @Nullable List<String> routes) {
        this.id = requireNonNull(id, "id");
        this.url = requireNonNull(url, "url");
        this.resolvedFrom = resolvedFrom;
        this.health = requireNonNull(health, "health");
        this.since = requireNonNull(since, "since");
        this.reason = reason;
        this.state = state;
        this.stateSource = stateSource;
        this.stateSince = stateSince;
        this.note = note;
        this.check = check;
        this.inFlight = inFlight;
        this.waiting = waiting;
        this.requests = requests;
        this.failures = failures;
        this.latencyMillis = latencyMillis;
        this.lastError = lastError;
        this.ejection = ejection;
        this.slowStart = slowStart;
        this.lastChange = requireNonNull(lastChange, "lastChange");
        this.routes = routes == null ? List.of() : List.copyOf(routes);
    }

    /**
     * What decides a backend's health. Immutable.
     *
     * @param method {@code GET}, {@code HEAD}, or {@code tcp} where a connection is enough
     * @param path asked for, without its query; null where nothing is asked
     * @param note what to know about a {@code path} set by {@code PATCH /backends/ID}; null for any other
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Check(
            String method, @Nullable String path, @Nullable String note) {

        /**
         * A check with these parts.
         *
         * @throws NullPointerException if {@code method} is null
         */
        public Check {
            requireNonNull(method, "method");
        }
    }

    /**
     * What failing requests brought upon a backend. Immutable.
     *
     * @param phase {@code ejected} while it gets none, then {@code trial} while a few show whether they go well again
     * @param since when that began
     * @param until when it ends; null on trial
     * @param reason of the ejection, for people
     * @param times it was ejected without a long good time between
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ejection(
            String phase,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant since,

            @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
            Instant until,

            String reason,
            int times) {

        /**
         * An ejection with these parts.
         *
         * @throws NullPointerException if {@code phase}, {@code since} or {@code reason} is null
         */
        public Ejection {
            requireNonNull(phase, "phase");
            requireNonNull(since, "since");
            requireNonNull(reason, "reason");
        }
    }

    /**
     * How far the share of a backend has grown. Immutable.
     *
     * @param share of the traffic that its weight says, above 0 and below 1
     * @param until when it has it all
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record SlowStart(
            double share,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant until) {

        /**
         * A slow start with these parts.
         *
         * @throws NullPointerException if {@code until} is null
         */
        public SlowStart {
            requireNonNull(until, "until");
        }
    }

    /**
     * What was changed about a backend. Immutable.
     *
     * @param to what it is since: a state, a phase of ejection, a health, {@code configured} for what the file says again
     * @param by {@code api}, {@code configuration}, {@code ejection} or {@code health}
     * @param at when
     * @param reason for people; null for none
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(
            String to,
            String by,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at,
            @Nullable String reason) {

        /**
         * A change with these parts.
         *
         * @throws NullPointerException if {@code to}, {@code by} or {@code at} is null
         */
        public Change {
            requireNonNull(to, "to");
            requireNonNull(by, "by");
            requireNonNull(at, "at");
        }
    }

    /**
     * A failure of a backend. Immutable.
     *
     * @param message what happened, for people
     * @param at when
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record LastError(
            String message,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at) {

        /**
         * A failure with these parts.
         *
         * @throws NullPointerException if one of them is null
         */
        public LastError {
            requireNonNull(message, "message");
            requireNonNull(at, "at");
        }
    }
}
