package dev.portway.admin;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import java.util.List;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.servlet.ServletProperties;

/** The admin API as a whole: its resources, and how they are put beside Dropwizard's own pages. */
public final class AdminApi {

    private AdminApi() {}

    /** Serves the API on the admin side of {@code environment}; to be called before the server is built. */
    public static void register(Environment environment, AdminParts parts) {
        environment.getAdminContext().setErrorHandler(new ProblemErrorHandler());
        FilterRegistration.Dynamic filter =
                environment.admin().addFilter("portway-api", new ApiFilter(() -> resources(parts)));
        filter.setInitParameter(ServletProperties.FILTER_CONTEXT_PATH, "/");
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }

    /** Every class with a path, for the test that compares them with {@code openapi.json}. */
    static List<Class<?>> resourceClasses() {
        return List.of(
                PageResource.class,
                RoutesResource.class,
                BackendsResource.class,
                TunnelsResource.class,
                ExchangesResource.class,
                ExplainResource.class,
                ReloadResource.class,
                HistoryResource.class,
                ValidateResource.class,
                StatusResource.class,
                PrometheusResource.class,
                DescriptionResource.class);
    }

    private static ResourceConfig resources(AdminParts parts) {
        ResourceConfig config = new ResourceConfig();
        config.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        config.property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
        config.property(ServerProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
        config.property(ServerProperties.BV_FEATURE_DISABLE, true);
        config.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        config.property(ServerProperties.PROCESSING_RESPONSE_ERRORS_ENABLED, true);
        List<Object> resources = List.of(
                new PageResource(parts),
                new RoutesResource(parts.registry(), parts.clock()),
                new BackendsResource(parts.registry(), parts.backends(), parts.clock()),
                new TunnelsResource(parts.tunnels()),
                new ExchangesResource(parts.recent()),
                new ExplainResource(parts.registry(), parts.clock()),
                new ReloadResource(parts.registry()),
                new HistoryResource(parts.registry()),
                new ValidateResource(parts.reader(), parts.file(), parts.registry()),
                new StatusResource(parts),
                new PrometheusResource(parts.prometheus()),
                new DescriptionResource());
        resources.forEach(resource -> config.register(resource.getClass()));
        config.register(new Instances(resources));
        config.registerInstances(
                new JsonBodyReader(),
                new JsonWriter(),
                new ProblemMapper(),
                new EditRefusedMapper(),
                new WebApplicationMapper(),
                new BrokenRequestMapper(),
                new UnexpectedMapper());
        return config;
    }

    /** Has Jersey use these instances where it would make its own. */
    private static final class Instances extends AbstractBinder {

        private final List<Object> instances;

        Instances(List<Object> instances) {
            this.instances = instances;
        }

        @Override
        protected void configure() {
            instances.forEach(this::instance);
        }

        private <T> void instance(T instance) {
            bind(instance).to(instance.getClass());
        }
    }
}
