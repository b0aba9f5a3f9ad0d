package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.upstream.Backend;
import dev.portway.upstream.Lasting;
import java.util.concurrent.RejectedExecutionException;

/**
 * An exchange that goes on by itself once its backend has answered, by a stream of events or a tunnel, and ends when a person
 * sets the backend down (decision 125). Made for these alone. Confined to the loop of the exchange, on which it is ended whoever
 * tells that the backend is down.
 */
final class LastingExchange implements Lasting {

    private final Delivery delivery;
    private final Backend backend;
    private final Runnable end;

    /**
     * One of which its backend does not know yet.
     *
     * @param end ends it, called on the loop; maybe twice, and after it is over
     */
    LastingExchange(Delivery delivery, Backend backend, Runnable end) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.backend = requireNonNull(backend, "backend");
        this.end = requireNonNull(end, "end");
    }

    void begin() {
        backend.lasting().add(this);
    }

    /** It has ended, of itself or not. */
    void over() {
        backend.lasting().remove(this);
    }

    @Override
    public String routeId() {
        return delivery.route().id();
    }

    @Override
    public void takenDown() {
        try {
            delivery.loop().execute(end);
        } catch (RejectedExecutionException stopped) {
            // Nothing lasts longer than its loop.
        }
    }
}
