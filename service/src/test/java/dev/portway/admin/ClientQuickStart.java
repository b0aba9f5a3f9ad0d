package dev.portway.admin;

import dev.portway.api.Route;
import dev.portway.client.PortwayClient;

/** The first example of the client's README, as a program; run by {@link ClientExamplesTest}. */
final class ClientQuickStart {

    private ClientQuickStart() {}

    public static void main(String[] arguments) {
        try (PortwayClient client = PortwayClient.fromEnvironment()) {
            Route route = client.routes()
                    .add(Route.builder().host("api.localhost").target(3001).build());
            System.out.println(route.id() + " is " + route.status());
        }
    }
}
