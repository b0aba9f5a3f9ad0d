import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** An application with a name, for the test. */
public final class Shop extends Application<Configuration> {

    public static void main(String[] arguments) throws Exception {
        new Shop().run(arguments);
    }

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
        bootstrap.addBundle(new RouteBundle("shop.localhost"));
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        environment.jersey().register(new Till());
    }

    @Path("/till")
    public static final class Till {

        @GET
        public String money() {
            return "42";
        }
    }
}
