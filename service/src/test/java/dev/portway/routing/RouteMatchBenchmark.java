package dev.portway.routing;

import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to find a route among 10,000: 6,000 hosts of their own, 500 wildcards, 50 hosts of 50 paths, and 1,000 paths
 * six segments deep on any host. Each call asks for another route, and with a host nobody has hashed yet, as a request
 * does. Run by {@code ops/bench/jmh RouteMatch}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouteMatchBenchmark {

    private static final int REQUESTS = 1 << 12;

    @Param
    Mix mix = Mix.ALL;

    private RouteTable table = written().table();
    private RouteRequest[] requests = {};
    private int next;

    /** Builds the table, and the requests in an order no cache has seen coming. */
    @Setup
    public void build() {
        WrittenTable written = written();
        for (int i = 0; i < 6_000; i++) {
            written.with(route("host" + i).host("app-" + i + ".dev.example.test"));
        }
        for (int i = 0; i < 500; i++) {
            written.with(route("wildcard" + i).host("*.team-" + i + ".example.test"));
        }
        for (int i = 0; i < 2_500; i++) {
            written.with(route("path" + i)
                    .host("api-" + i / 50 + ".example.test")
                    .path("/v1/service-" + i % 50)
                    .methods("GET", "HEAD"));
        }
        for (int i = 0; i < 1_000; i++) {
            written.with(route("deep" + i).path("/api/v2/region/eu-west/tenant/customer-" + i));
        }
        table = written.fallback(3000).table();

        var random = new Random(1);
        List<RouteRequest> made = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            made.add(mix.request(random));
        }
        Collections.shuffle(made, random);
        requests = made.toArray(RouteRequest[]::new);
    }

    @Benchmark
    public @Nullable Route match() {
        next = (next + 1) & (REQUESTS - 1);
        return table.match(requests[next]);
    }

    /** What is asked for. */
    public enum Mix {
        EXACT_HOST {
            @Override
            RouteRequest request(Random random) {
                return asked("app-" + random.nextInt(6_000) + ".dev.example.test", "/assets/index-9f3a.js");
            }
        },
        WILDCARD_HOST {
            @Override
            RouteRequest request(Random random) {
                return asked("branch-7.pr.team-" + random.nextInt(500) + ".example.test", "/assets/index-9f3a.js");
            }
        },
        PATH_OF_A_HOST {
            @Override
            RouteRequest request(Random random) {
                String host = "api-" + random.nextInt(50) + ".example.test";
                return asked(host, "/v1/service-" + random.nextInt(50) + "/items/4711");
            }
        },
        DEEP_PATH {
            @Override
            RouteRequest request(Random random) {
                String path = "/api/v2/region/eu-west/tenant/customer-" + random.nextInt(1_000) + "/orders/2026/4711";
                return asked("gateway.example.test", path);
            }
        },
        MISS {
            @Override
            RouteRequest request(Random random) {
                return asked("app-" + random.nextInt() + ".other.example.test", "/api/v2/region/none/of/these");
            }
        },
        ALL {
            @Override
            RouteRequest request(Random random) {
                return EACH.get(random.nextInt(EACH.size())).request(random);
            }
        };

        private static final List<Mix> EACH = List.of(EXACT_HOST, WILDCARD_HOST, PATH_OF_A_HOST, DEEP_PATH, MISS);

        abstract RouteRequest request(Random random);

        static RouteRequest asked(String host, String path) {
            return new FreshRequest(host, path);
        }
    }

    /** Gives a new string for the host at every call, since a string remembers its hash. */
    private record FreshRequest(String written, String path) implements RouteRequest {

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String host() {
            return new String(written);
        }

        @Override
        public @Nullable String header(String name) {
            return Map.<String, String>of().get(name);
        }
    }
}
