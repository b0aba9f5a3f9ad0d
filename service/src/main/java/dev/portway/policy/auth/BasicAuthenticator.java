package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A name and a password (RFC 7617). Thread-safe. */
final class BasicAuthenticator implements Authenticator {

    static final String SCHEME = "Basic";

    private final PasswordFile passwords;
    private final Executor workers;

    /** @param workers where passwords are checked; may reject */
    BasicAuthenticator(PasswordFile passwords, Executor workers) {
        this.passwords = requireNonNull(passwords, "passwords");
        this.workers = requireNonNull(workers, "workers");
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // all that can come of it is handled in it
    public void check(ProxyExchange exchange, Consumer<Verdict> verdict) {
        if (!AuthorizationField.uses(exchange, SCHEME)) {
            verdict.accept(Verdict.MISSING);
            return;
        }
        if (AuthorizationField.credentials(exchange, SCHEME) == null) {
            verdict.accept(new Verdict.Wrong(AuthorizationField.several(exchange)));
            return;
        }
        BasicCredentials given = BasicCredentials.of(exchange.getHeaders().get(AuthorizationField.name(exchange)));
        if (given == null) {
            verdict.accept(new Verdict.Wrong("the name and password cannot be read"));
            return;
        }
        passwords.accepts(given.user(), given.password(), workers).whenComplete((right, failure) -> {
            if (failure != null) {
                String cause = PasswordFile.tooMany(failure)
                        ? "too many passwords are being checked"
                        : "the password could not be checked";
                verdict.accept(new Verdict.Unavailable(cause));
            } else {
                verdict.accept(
                        right
                                ? new Verdict.Accepted(new Identity(given.user(), "basic"))
                                : new Verdict.Wrong("the name or the password is wrong"));
            }
        });
    }

    @Override
    public String scheme() {
        return SCHEME;
    }
}
