package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.RetryConfig;
import dev.portway.exchange.ProxyExchange;
import dev.portway.upstream.RetryBudget;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes that is sent once more: whether what has come of it until now is worth that, which other target takes it,
 * and whether the route's budget pays (decision 120). What it has charged for a target that is not sent to after all, it gives back.
 * Made when a request first comes to that, so most have none. Confined to the loop of the client's connection.
 */
final class Retry {

    private final Delivery delivery;
    private final ProxyExchange exchange;
    private final RetryConfig rule;
    private final RetryBudget budget;
    private boolean charged; // to the budget: the target that was chosen last, and is not sent to yet

    Retry(Delivery delivery) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.exchange = delivery.exchange();
        this.rule = delivery.route().config().retry();
        this.budget = delivery.route().retries();
    }

    /** Another target that the request may be sent to, where it is counted in; null for none. */
    @Nullable
    Target next(Loss loss) {
        if (!worthwhile(loss) || !mayBeginAnother(twice(loss)) || !replayable(loss)) {
            return null;
        }
        // An answer that there is, however unwelcome, is better than what a backend that is down will say.
        boolean anyhow = loss != Loss.UNWELCOME && exchange.attempts() < rule.attempts();
        return other(twice(loss), anyhow);
    }

    /**
     * The same target, where the request is counted in once more; null for none: only once, and where what has come of it says nothing
     * against the backend.
     */
    @Nullable
    Target same(Target target, Loss loss) {
        boolean harmless = loss == Loss.UNTOUCHED || (loss == Loss.KEPT && exchange.idempotent());
        return harmless && exchange.attempts() == 1 && replayable(loss) && target.begin(delivery.limit())
                ? target
                : null;
    }

    /** The target of a hedge, where the request is counted in; null for none. */
    @Nullable
    Target second() {
        return delivery.upstream().binds(exchange) || !mayBeginAnother(true) ? null : other(true, false);
    }

    /**
     * Another target, where the request is counted in; null for none.
     *
     * @param charge whether the retry budget pays for it
     * @param anyhow as in {@link Upstream#pickOther}
     */
    private @Nullable Target other(boolean charge, boolean anyhow) {
        if (charge && !budget.take()) {
            return null;
        }
        charged = charge;
        Upstream from = delivery.upstream();
        Target target = from.pickOther(exchange, delivery.limit(), anyhow);
        if (target == null) {
            giveBack();
        } else {
            delivery.chosenAmong(from);
        }
        return target;
    }

    /** The attempt that was paid for begins. */
    void begun() {
        charged = false;
    }

    /** No attempt begins at the target that was chosen last. */
    void giveBack() {
        if (charged) {
            charged = false;
            budget.giveBack();
        }
    }

    /** @param counted whether there is an end to attempts; what took no byte is tried wherever it has not been */
    private boolean mayBeginAnother(boolean counted) {
        return rule.attempts() > (counted ? exchange.attempts() : 1)
                && NanoTime.elapsed(exchange.startedNanos(), NanoTime.now())
                        <= rule.within().toNanos()
                && others();
    }

    private boolean others() {
        for (Target target : delivery.upstream().targets()) {
            if (target.enabled() && !exchange.tried(target.backend())) {
                return true;
            }
        }
        return false;
    }

    private boolean worthwhile(Loss loss) {
        return switch (loss) {
            case UNSENT, UNTOUCHED -> true;
            case KEPT, BROKEN, UNWELCOME -> exchange.idempotent();
            case LATE -> exchange.idempotent() && rule.timeouts();
            case FINAL -> false;
        };
    }

    /** Whether a backend may have worked on it: another one will do the same work once more. */
    private static boolean twice(Loss loss) {
        return loss != Loss.UNSENT && loss != Loss.UNTOUCHED;
    }

    /** Whether the body can be sent from its beginning. */
    private boolean replayable(Loss loss) {
        return !delivery.hasBody() || loss == Loss.UNSENT || exchange.canReadAgain();
    }

    /** Has the body read from its beginning; only where it is sent again, since this attempt would go on with that. */
    void replay(Loss loss) {
        if (delivery.hasBody() && loss != Loss.UNSENT && !exchange.readAgain()) {
            throw new IllegalStateException("the body is not there any more");
        }
    }
}
