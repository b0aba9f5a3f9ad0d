import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** {@code Peer PORT BACKEND_PORT}: Vert.x' own reverse proxy, one instance to a processor. */
public final class Peer {

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int backend = Integer.parseInt(args[1]);
        Vertx.vertx()
                .deployVerticle(
                        () -> new Proxy(port, backend),
                        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
                .await();
    }

    private static final class Proxy extends VerticleBase {

        private final int port;
        private final int backend;

        private Proxy(int port, int backend) {
            this.port = port;
            this.backend = backend;
        }

        @Override
        public Future<?> start() {
            HttpProxy proxy = HttpProxy.reverseProxy(
                    vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1024)));
            proxy.origin(backend, "127.0.0.1");
            return vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                    .requestHandler(proxy)
                    .listen();
        }
    }
}
