package dev.portway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** {@code routes} as a list of route objects. */
record RouteListForm(JsonText text) implements RouteForm {

    /** The id made from host and path is written down, so that the route keeps it when somebody changes these. */
    @Override
    public RouteDraft add(List<ObjectNode> routes) {
        int size = text.size(ROUTES);
        List<ObjectNode> elements = new ArrayList<>();
        List<String> pointers = new ArrayList<>();
        for (ObjectNode route : routes) {
            pointers.add(ROUTES.appendIndex(size + elements.size()).toString());
            elements.add(
                    route.has("id")
                            ? route
                            : RouteForm.madeId(route)
                                    .map(id -> RouteForm.withId(route, id))
                                    .orElse(route));
        }
        return new RouteDraft(text.append(ROUTES, elements).text(), pointers);
    }

    /** An id that the file does not say is left unsaid where it comes from host and path all the same. */
    @Override
    public RouteDraft replace(WrittenRoute route, ObjectNode next) {
        boolean unsaid = !route.json().has("id")
                && (RouteForm.sameHostAndPath(route.json(), next)
                        || RouteForm.madeId(next).filter(route.id()::equals).isPresent());
        ObjectNode element = unsaid ? RouteForm.withoutId(next) : RouteForm.withId(next, route.id());
        JsonText changed = text.set(JsonPointer.compile(route.pointer()), element);
        return new RouteDraft(changed.text(), List.of(route.pointer()));
    }

    @Override
    public RouteDraft remove(WrittenRoute route) {
        return new RouteDraft(text.remove(JsonPointer.compile(route.pointer())).text(), List.of());
    }
}
