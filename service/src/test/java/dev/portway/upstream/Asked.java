package dev.portway.upstream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request as far as balancing sees it, for tests. */
final class Asked implements Selection {

    private String client = "127.0.0.1";
    private String path = "/";
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, String> cookies = new HashMap<>();
    private final Set<Backend> tried = new HashSet<>();

    static Asked anything() {
        return new Asked();
    }

    static Asked by(String client) {
        Asked asked = new Asked();
        asked.client = client;
        return asked;
    }

    Asked path(String path) {
        this.path = path;
        return this;
    }

    Asked header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Asked cookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    Asked failedAt(Target... targets) {
        for (Target target : List.of(targets)) {
            tried.add(target.backend());
        }
        return this;
    }

    @Override
    public String clientAddress() {
        return client;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        return cookies.get(name);
    }

    @Override
    public boolean tried(Backend backend) {
        return tried.contains(backend);
    }
}
