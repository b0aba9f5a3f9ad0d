import generated.ApiClient;
import generated.api.RoutesApi;
import generated.model.Route;
import generated.model.RouteHost;
import generated.model.RouteTarget;
import generated.model.RouteView;

/** What somebody writes who has made a client of {@code /openapi.json}; compiled with it by OpenApiGeneratorIT. */
public class AddsARoute {

    public static String at(String admin) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(admin);
        RoutesApi routes = new RoutesApi(client);
        Route route = new Route().host(new RouteHost("api.localhost")).target(new RouteTarget(3001));

        RouteView added = routes.putRoute("api", route, null, null, null, null);

        return added.getId() + " from " + added.getSource().getValue() + ", then " + routes.listRoutes(null).size() + " route";
    }
}
