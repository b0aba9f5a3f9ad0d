package dev.portway.routing;

import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchAllocationTest {

    private static final int ROUNDS = 10_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void matchesWithoutAllocating() {
        RouteTable table = written()
                .with(
                        route("exact").host("a.test").path("/a/b").methods("PUT"),
                        route("wildcard").host("*.test").path("/a/b/c").header("x-a", "*"),
                        route("none").path("/a"))
                .table();
        AskedRequest[] requests = {
            AskedRequest.get("a.test", "/a/b/c"),
            AskedRequest.get("x.y.test", "/a/b/c/d"),
            AskedRequest.get("none", "/b"),
            new AskedRequest("PUT", "a.test", "/a/b/c", Map.of("x-a", "1"))
        };

        assertThat(allocatedBy(() -> {
                    for (AskedRequest request : requests) {
                        table.match(request);
                    }
                }))
                .isLessThan(ROUNDS);
    }

    @Test
    void normalisesWithoutAllocatingWhereThereIsNothingToDo() {
        assertThat(allocatedBy(() -> {
                    RequestPath.normalize("/api/v2/customer-17/a%2Fb/index.html");
                    RequestPath.resolveDots("/api/v2/customer-17/a%2fb/index.html");
                }))
                .isLessThan(ROUNDS);
    }

    private long allocatedBy(Runnable runnable) {
        for (int i = 0; i < ROUNDS; i++) {
            runnable.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            runnable.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
