package dev.portway.server;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.model.Resource;

/** Sends a request to the resources of the program around the proxy where one of them has its path. Thread-safe. */
final class OwnResources extends Handler.Wrapper {

    private final Handler resources;
    private final List<Resource> roots;

    /**
     * Resources before a proxy.
     *
     * @param resources answers for them; not blocking
     * @param proxy has all other requests
     */
    OwnResources(ResourceConfig config, Handler resources, Handler proxy) {
        super(proxy);
        this.resources = requireNonNull(resources, "resources");
        this.roots = Stream.of(
                        config.getClasses().stream().map(Resource::from),
                        config.getInstances().stream().map(instance -> Resource.from(instance.getClass())),
                        config.getResources().stream())
                .flatMap(each -> each)
                .filter(Objects::nonNull)
                .toList();
        addBean(resources);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getDecodedPath();
        boolean own = path != null && roots.stream().anyMatch(root -> serves(root, path));
        return own ? resources.handle(request, response, callback) : super.handle(request, response, callback);
    }

    /** Whether the whole of a path is that of a resource, or of one beneath it. */
    private static boolean serves(Resource resource, String path) {
        MatchResult match = resource.getPathPattern().match(path);
        if (match == null) {
            return false;
        }
        String rest = match.group(match.groupCount());
        if (rest == null || rest.isEmpty() || rest.equals("/")) {
            return resource.getResourceLocator() != null
                    || !resource.getResourceMethods().isEmpty();
        }
        return resource.getResourceLocator() != null
                || resource.getChildResources().stream().anyMatch(child -> serves(child, rest));
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
