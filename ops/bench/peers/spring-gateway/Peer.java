import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** {@code Peer PORT BACKEND_PORT}: Spring Cloud Gateway with one route. */
@EnableAutoConfiguration
@Configuration(proxyBeanMethods = false)
public class Peer {

    public static void main(String[] args) {
        SpringApplication.run(
                Peer.class,
                "--server.address=127.0.0.1",
                "--server.port=" + args[0],
                "--backend=http://127.0.0.1:" + args[1],
                "--spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=1024",
                "--spring.main.banner-mode=off");
    }

    @Bean
    RouteLocator routes(RouteLocatorBuilder builder, Environment environment) {
        return builder.routes()
                .route("all", route -> route.path("/**").uri(environment.getRequiredProperty("backend")))
                .build();
    }
}
