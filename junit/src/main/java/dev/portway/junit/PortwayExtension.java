package dev.portway.junit;

import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests {@link TestRoutes} through a proxy: one of their own on a free port, or the running one that the
 * environment variable {@code PORTWAY_ADMIN} names. Thread-safe, under parallel execution too: a test has routes that no
 * other has, sees the exchanges of those alone, and leaves none behind.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PortwayExtension PORTWAY = new PortwayExtension();
 *
 * @Test
 * void answers(TestRoutes routes) {
 *     TestRoute api = routes.to("http://localhost:8000");
 *     ...
 * }
 * }</pre>
 */
public final class PortwayExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(PortwayExtension.class);

    private final Map<String, String> environment;

    /** An extension that takes {@code PORTWAY_ADMIN} and {@code PORTWAY_TOKEN} from the environment. */
    public PortwayExtension() {
        this(System.getenv());
    }

    PortwayExtension(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Starts the class's proxy. */
    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put(this, TestProxy.start(environment));
    }

    /** Stops it. */
    @Override
    public void afterAll(ExtensionContext context) {
        TestProxy proxy = context.getStore(NAMESPACE).remove(this, TestProxy.class);
        if (proxy != null) {
            proxy.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestRoutes.class;
    }

    /** The routes of the test that asks; they end with it. */
    @Override
    public TestRoutes resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestProxy proxy = context.getStore(NAMESPACE).get(this, TestProxy.class);
        if (proxy == null) {
            throw new IllegalStateException("no proxy (expected: the extension registered by a static field)");
        }
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(context.getUniqueId(), id -> new Ending(new TestRoutes(proxy)), Ending.class)
                .routes;
    }

    /** What JUnit closes at the end of the test. */
    private record Ending(TestRoutes routes) implements AutoCloseable {

        @Override
        public void close() {
            routes.close();
        }
    }
}
