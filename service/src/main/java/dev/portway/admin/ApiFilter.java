package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;

/**
 * Sends every request but those for Dropwizard's own pages to the resources. Jersey is started by the first such request
 * and not with the server: it costs more time than all of the proxy, and memory that a proxy nobody asks keeps free.
 * Thread-safe.
 */
final class ApiFilter implements Filter {

    /** First segments of the paths that Dropwizard's admin servlet serves. */
    private static final Set<String> DROPWIZARD = Set.of("tasks", "threads", "ping", "metrics", "healthcheck");

    private final Supplier<ResourceConfig> resources;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable FilterConfig config; // written once, before the first request
    private volatile @Nullable ServletContainer container; // written by start() under the lock, read by any thread

    ApiFilter(Supplier<ResourceConfig> resources) {
        this.resources = requireNonNull(resources, "resources");
    }

    @Override
    public void init(FilterConfig filterConfig) {
        config = filterConfig;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (DROPWIZARD.contains(firstSegment(((HttpServletRequest) request).getRequestURI()))) {
            chain.doFilter(request, response);
            return;
        }
        ServletContainer started = container;
        if (started == null) {
            started = start();
        }
        started.doFilter(request, response, chain);
    }

    @Override
    public void destroy() {
        ServletContainer started = container;
        if (started != null) {
            started.destroy();
        }
    }

    private ServletContainer start() throws ServletException {
        lock.lock();
        try {
            ServletContainer started = container;
            if (started == null) {
                started = new ServletContainer(resources.get());
                started.init(requireNonNull(config, "config"));
                container = started;
            }
            return started;
        } finally {
            lock.unlock();
        }
    }

    private static String firstSegment(String path) {
        int end = path.indexOf('/', 1);
        return path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
    }
}
