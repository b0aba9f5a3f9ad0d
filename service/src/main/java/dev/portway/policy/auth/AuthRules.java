package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ApiKeyConfig;
import dev.portway.config.AuthConfig;
import dev.portway.config.JwtConfig;
import dev.portway.config.RouteConfig;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyFactory;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import io.dropwizard.lifecycle.Managed;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rules that ask who it is that asks, and keeps what they look into for as long as a route does. Its files and its
 * threads are those of all routes. Confined to the registry's lock, but for what the rules do by themselves.
 */
public final class AuthRules implements PolicyFactory, RouteTableListener, Managed {

    private static final int CHECKING = 2;
    private static final int WAITING = 128;
    private static final int FILES_WAITING = 256;

    private final FairWorkers checks = new FairWorkers("portway-auth-check", CHECKING, WAITING);
    private final ThreadPoolExecutor files = fileThread();
    private final Map<Path, PasswordFile> passwords = new HashMap<>();
    private final Map<Path, WatchedFile<KeyRing>> keys = new HashMap<>();
    private final Map<Path, KeySource> localKeys = new HashMap<>();
    private final Map<URI, KeySource> fetchedKeys = new HashMap<>();
    private final ServiceClient services = new ServiceClient();

    @Override
    public @Nullable Policy compile(RouteConfig route) {
        AuthConfig rule = route.rules().auth();
        if (rule == null) {
            return null;
        }
        Executor line = checks.line(); // the flood of one route is not to keep others out
        List<Authenticator> ways = new ArrayList<>();
        if (rule.certificate() != null) {
            ways.add(new CertificateAuthenticator(rule.certificate()));
        }
        if (rule.apiKey() != null) {
            ways.add(apiKey(rule.apiKey()));
        }
        if (rule.jwt() != null) {
            ways.add(new JwtAuthenticator(rule.jwt(), keySource(rule.jwt()), line));
        }
        if (rule.basic() != null) {
            ways.add(new BasicAuthenticator(
                    passwords.computeIfAbsent(rule.basic(), file -> new PasswordFile(file, files)), line));
        }
        if (rule.forward() != null) {
            ways.add(new ForwardAuthenticator(rule.forward(), route.rules().reserved(), services));
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

    private KeySource keySource(JwtConfig rule) {
        if (rule.jwks() != null) {
            return fetchedKeys.computeIfAbsent(rule.jwks(), url -> new FetchedKeys(url, services, System::nanoTime));
        }
        if (rule.keys() != null) {
            return localKeys.computeIfAbsent(rule.keys(), file -> new LocalKeys(file, files));
        }
        return new SharedSecret(requireNonNull(rule.secret()));
    }

    @Override
    public void tableChanged(RouteTable table) {
        Set<Object> used = new HashSet<>();
        table.ruled().forEach(route -> addSources(route, used));
        passwords.keySet().retainAll(used);
        keys.keySet().retainAll(used);
        localKeys.keySet().retainAll(used);
        fetchedKeys.keySet().retainAll(used);
    }

    private static void addSources(Route route, Set<Object> used) {
        AuthConfig rule = route.config().rules().auth();
        if (rule == null) {
            return;
        }
        ApiKeyConfig apiKey = rule.apiKey();
        JwtConfig jwt = rule.jwt();
        Stream.of(
                        rule.basic(),
                        apiKey == null ? null : apiKey.file(),
                        jwt == null ? null : jwt.keys(),
                        jwt == null ? null : jwt.jwks())
                .filter(Objects::nonNull)
                .forEach(used::add);
    }

    @Override
    public void stop() {
        checks.stop();
        files.shutdownNow();
    }

    private static ThreadPoolExecutor fileThread() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(FILES_WAITING), task -> {
                    Thread thread = new Thread(task, "portway-auth-file");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
