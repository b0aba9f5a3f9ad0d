package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.ExchangesView;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.observe.RecentExchanges;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The requests that were answered last, piece by piece: whoever follows them asks again. Thread-safe. */
@Path("/exchanges")
@Produces(MediaType.APPLICATION_JSON)
public final class ExchangesResource {

    private static final int USUAL_LIMIT = 100;
    private static final Pattern STATUS = Pattern.compile("([1-5])xx|([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final RecentExchanges recent;

    ExchangesResource(RecentExchanges recent) {
        this.recent = requireNonNull(recent, "recent");
    }

    @GET
    public ExchangesView list(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("route") @Nullable String route,
            @QueryParam("status") @Nullable String status) {
        long most = limit == null ? USUAL_LIMIT : number("limit", limit);
        if (most < 1 || most > RecentExchanges.CAPACITY) {
            throw bad("limit: " + limit + " (expected: 1.." + RecentExchanges.CAPACITY + ").");
        }
        Predicate<ExchangeRecord> ofRoute = exchange -> route == null || route.equals(exchange.routeId());
        Predicate<ExchangeRecord> wanted = status == null ? ofRoute : ofRoute.and(withStatus(status));
        return ExchangeViews.of(
                after == null
                        ? recent.last((int) most, wanted)
                        : recent.from(number("after", after), (int) most, wanted));
    }

    private static Predicate<ExchangeRecord> withStatus(String status) {
        Matcher match = STATUS.matcher(status);
        if (!match.matches()) {
            throw bad("status: " + status + " (expected: such as 5xx, 404 or 400-499).");
        }
        if (match.group(1) != null) {
            int hundreds = Integer.parseInt(match.group(1));
            return exchange -> exchange.status() / 100 == hundreds;
        }
        int from = Integer.parseInt(match.group(2));
        int to = match.group(3) == null ? from : Integer.parseInt(match.group(3));
        return exchange -> exchange.status() >= from && exchange.status() <= to;
    }

    private static long number(String name, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw bad(name + ": " + text + " (expected: a whole number).");
        }
        return Long.parseLong(text);
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemType.BAD_PARAMETER, detail);
    }
}
