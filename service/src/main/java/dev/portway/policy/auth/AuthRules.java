package dev.portway.policy.auth;

import dev.portway.config.ApiKeyConfig;
import dev.portway.config.AuthConfig;
import dev.portway.config.RouteConfig;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyFactory;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import io.dropwizard.lifecycle.Managed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rules that ask who it is that asks, and keeps what they look into for as long as a route does. Its files and its
 * threads are those of all routes. Confined to the registry's lock, but for what the rules do by themselves.
 */
public final class AuthRules implements PolicyFactory, RouteTableListener, Managed {

    private static final int CHECKING = 2;
    private static final int WAITING = 128;

    private final ThreadPoolExecutor checks = threads("portway-auth-check", CHECKING);
    private final ThreadPoolExecutor files = threads("portway-auth-file", 1);
    private final Map<Path, PasswordFile> passwords = new HashMap<>();
    private final Map<Path, WatchedFile<KeyRing>> keys = new HashMap<>();

    @Override
    public @Nullable Policy compile(RouteConfig route) {
        AuthConfig rule = route.rules().auth();
        if (rule == null) {
            return null;
        }
        List<Authenticator> ways = new ArrayList<>();
        if (rule.apiKey() != null) {
            ways.add(apiKey(rule.apiKey()));
        }
        if (rule.basic() != null) {
            ways.add(new BasicAuthenticator(
                    passwords.computeIfAbsent(rule.basic(), file -> new PasswordFile(file, checks, files))));
        }
        return new AuthPolicy(rule, ways);
    }

    private Authenticator apiKey(ApiKeyConfig rule) {
        WatchedFile<KeyRing> further = rule.file() == null
                ? null
                : keys.computeIfAbsent(
                        rule.file(),
                        file -> new WatchedFile<>(file, KeyRing::read, KeyRing.EMPTY, files, System::nanoTime));
        return new ApiKeyAuthenticator(rule, further);
    }

    @Override
    public void tableChanged(RouteTable table) {
        Set<Path> used = new HashSet<>();
        table.routes().forEach(route -> addFiles(route, used));
        if (table.defaultRoute() != null) {
            addFiles(table.defaultRoute(), used);
        }
        passwords.keySet().retainAll(used);
        keys.keySet().retainAll(used);
    }

    private static void addFiles(Route route, Set<Path> used) {
        AuthConfig rule = route.config().rules().auth();
        if (rule != null && rule.basic() != null) {
            used.add(rule.basic());
        }
        if (rule != null && rule.apiKey() != null && rule.apiKey().file() != null) {
            used.add(rule.apiKey().file());
        }
    }

    @Override
    public void stop() {
        checks.shutdownNow();
        files.shutdownNow();
    }

    private static ThreadPoolExecutor threads(String name, int count) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
