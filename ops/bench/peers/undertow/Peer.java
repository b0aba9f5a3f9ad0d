import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.URI;

/** {@code Peer PORT BACKEND_PORT}: Undertow's own reverse proxy, as its documentation sets it up. */
public final class Peer {

    public static void main(String[] args) throws Exception {
        LoadBalancingProxyClient client = new LoadBalancingProxyClient()
                .addHost(new URI("http://127.0.0.1:" + args[1]))
                .setConnectionsPerThread(1024).setSoftMaxConnectionsPerThread(1024).setMaxQueueSize(10000);
        Undertow.builder()
                .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1")
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setHandler(ProxyHandler.builder()
                        .setProxyClient(client)
                        .setMaxRequestTime(600_000)
                        .setReuseXForwarded(false)
                        .build())
                .build()
                .start();
    }
}
