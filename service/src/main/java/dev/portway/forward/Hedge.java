package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.HedgeConfig;
import dev.portway.routing.Route;
import dev.portway.transport.Deadlines;
import dev.portway.upstream.Target;
import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * A second attempt beside the first, where that is not answered by a certain moment (decision 124): waits for the moment, begins it,
 * and says of the two which goes on. The other is the {@link Delivery}'s own, which asks here only while both are under way or may come
 * to be. Made where the route hedges. Confined to the loop of the client's connection.
 */
final class Hedge extends Deadlines.Bounded {

    /** Who answers sooner is not worth a second request, nor the timer's while. */
    private static final long LEAST_NANOS = Duration.ofMillis(1).toNanos();

    private final Delivery delivery;
    private final long deadline;
    private @Nullable Attempt rival; // of the delivery's; null while there are not two

    private Hedge(Delivery delivery, long deadline) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.deadline = deadline;
    }

    /**
     * Waits for the moment, as the route has it.
     *
     * @param began when the request was sent
     * @return null where there is none: the route hedges nothing, or does not know yet what is usual
     */
    static @Nullable Hedge after(long began, Delivery delivery) {
        Route route = delivery.route();
        HedgeConfig rule = route.config().retry().hedge();
        if (rule == null) {
            return null;
        }
        Duration after = rule.after();
        long nanos = after == null ? route.upstream().answers().nanos() : after.toNanos();
        if (nanos == 0) {
            return null;
        }
        Hedge hedge = new Hedge(delivery, began + Math.max(LEAST_NANOS, nanos));
        hedge.timer().begin(hedge);
        return hedge;
    }

    private Deadlines timer() {
        return delivery.loop().alarms();
    }

    /** None begins any more. */
    void end() {
        timer().end(this);
    }

    @Override
    protected long due() {
        return deadline;
    }

    @Override
    protected void expired() {
        end();
        begin();
    }

    /** It takes longer than others: another backend is asked as well, if all agrees. */
    private void begin() {
        Attempt first = delivery.attempt();
        boolean late = !delivery.gone() && rival == null && first.awaitsAnswer();
        // Who hedges does not overtake those who wait.
        Target target =
                late && delivery.upstream().queued() == 0 ? delivery.retry().second() : null;
        if (target == null) {
            return;
        }
        delivery.exchange().hedge(target);
        Attempt second;
        try {
            second = new Attempt(delivery, target);
        } catch (RuntimeException e) {
            delivery.notSent(target);
            first.drop("the proxy has failed");
            delivery.broke(e);
            return;
        }
        rival = second;
        delivery.retry().begun();
        second.begin();
    }

    /** Whether two attempts are under way. */
    boolean paired() {
        return rival != null;
    }

    /** Whether the answer of {@code one} is given up for that of the other that is still to come. */
    boolean passesOver(Attempt one, int status) {
        if (rival == null
                || (status < HttpStatus.INTERNAL_SERVER_ERROR_500
                        && !delivery.route().config().retry().unwelcome(status))) {
            return false;
        }
        delivery.exchange().lost(one.target(), status, null);
        goOnWithout(one);
        return true;
    }

    /** The head of the answer is in, by {@code first}: the other one is not needed any more. */
    void answered(Attempt first) {
        end();
        if (rival != null) {
            Attempt other = otherThan(first);
            goOnWithout(other);
            other.outrun();
        }
    }

    /** Nobody waits for an answer: of two attempts one is dropped, the other is the delivery's to break off. */
    void clientGone() {
        if (rival != null) {
            Attempt one = rival;
            goOnWithout(one);
            one.drop("the client has gone");
        }
    }

    /** Of two attempts the other is left. */
    void goOnWithout(Attempt one) {
        Attempt left = otherThan(one);
        rival = null;
        delivery.goOn(left);
    }

    private Attempt otherThan(Attempt one) {
        return one == delivery.attempt() ? requireNonNull(rival) : delivery.attempt();
    }
}
