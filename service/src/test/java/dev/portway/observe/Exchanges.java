package dev.portway.observe;

import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.ProxyError;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finished exchanges, for tests: one that went well, and what differs from it. */
final class Exchanges {

    static final long NOON = Instant.parse("2026-01-02T12:34:56.789Z").toEpochMilli();

    private String method = "GET";
    private @Nullable String host = "web.test";
    private String path = "/index.html";
    private @Nullable String routeId = "web";
    private @Nullable String backendId = "localhost:3000";
    private int status = 200;
    private long bytesIn;
    private long bytesOut = 1234;
    private long totalNanos = TimeUnit.MICROSECONDS.toNanos(12_345);
    private long backendNanos = TimeUnit.MICROSECONDS.toNanos(11_000);
    private int attempts = 1;
    private int hedged;
    private @Nullable ProxyError error;
    private @Nullable String cause;
    private @Nullable String referer;
    private @Nullable String userAgent;
    private String client = "127.0.0.1";

    static Exchanges exchange() {
        return new Exchanges();
    }

    Exchanges method(String value) {
        method = value;
        return this;
    }

    Exchanges host(@Nullable String value) {
        host = value;
        return this;
    }

    Exchanges path(String value) {
        path = value;
        return this;
    }

    Exchanges route(@Nullable String value) {
        routeId = value;
        return this;
    }

    Exchanges backend(@Nullable String value) {
        backendId = value;
        return this;
    }

    Exchanges status(int value) {
        status = value;
        return this;
    }

    Exchanges bytes(long in, long out) {
        bytesIn = in;
        bytesOut = out;
        return this;
    }

    Exchanges took(long total, long backend) {
        totalNanos = total;
        backendNanos = backend;
        return this;
    }

    Exchanges attempts(int value) {
        attempts = value;
        return this;
    }

    Exchanges client(String value) {
        client = value;
        return this;
    }

    Exchanges referer(String value) {
        referer = value;
        return this;
    }

    Exchanges userAgent(String value) {
        userAgent = value;
        return this;
    }

    /** Failed before a backend answered. */
    Exchanges failed(ProxyError value, @Nullable String why) {
        error = value;
        cause = why;
        status = value.status();
        backendNanos = -1;
        return this;
    }

    /** Of its attempts, one was beside another. */
    Exchanges hedged() {
        hedged = 1;
        return this;
    }

    ExchangeRecord record() {
        return new ExchangeRecord(
                NOON,
                "b1946ac92492d234",
                client,
                method,
                "http",
                host,
                path,
                "HTTP/1.1",
                routeId,
                backendId,
                status,
                bytesIn,
                bytesOut,
                totalNanos,
                backendNanos,
                attempts,
                hedged,
                List.of(),
                error,
                cause,
                referer,
                userAgent);
    }
}
