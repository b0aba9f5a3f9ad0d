package dev.portway.cli;

import dev.portway.api.ExchangeView;
import dev.portway.api.ExchangesView;
import dev.portway.client.ExchangeQuery;
import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import dev.portway.client.UnreachableException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the requests that a running proxy has answered, and goes on doing so where asked to. */
@Command(
        name = "logs",
        description = {
            "Print the requests that were answered last, one a line; with -f, go on.",
            "For example: ./proxy logs -f --route api --status 5xx"
        },
        sortOptions = false)
final class LogsCommand implements Callable<Integer> {

    private static final int MOST = 1_024;
    private static final long PAUSE_MILLIS = 300;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with those that come, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many of the last ones at most; 20 without it, and 1024 are kept.")
    private int lines = 20;

    @Option(names = "--route", paramLabel = "ID", description = "Only those that took this route.")
    private @Nullable String route;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those answered with it: 5xx, 404 or 400-499.")
    private @Nullable String status;

    @Option(names = "--json", description = "Print each as a JSON object in a line, for scripts.")
    private boolean json;

    LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (lines < 0 || lines > MOST) {
            throw new CommandFailure("-n " + lines + " cannot be had (expected: 0.." + MOST + ")");
        }
        ExchangeQuery query =
                ExchangeQuery.last(Math.max(lines, 1)).ofRoute(route).withStatus(status);
        ExchangesView page = admin.ask(terminal, client -> client.exchanges(query));
        if (lines > 0) {
            page.exchanges().forEach(this::print);
        }
        if (follow) {
            try (PortwayClient client = admin.client(terminal, "proxy")) {
                follow(client, query, page.next());
            }
        }
        return CommandLineTool.FINE;
    }

    /** Until nobody reads any more, or the process ends. A proxy that is restarted meanwhile is waited for. */
    private void follow(PortwayClient client, ExchangeQuery query, long from) throws InterruptedException {
        long next = from;
        boolean lost = false;
        while (!terminal.out().checkError()) {
            try {
                ExchangesView page = client.exchanges(query.goingOn(next));
                next = page.next();
                if (page.missed() > 0) {
                    say(Count.of((int) Math.min(page.missed(), Integer.MAX_VALUE), "request")
                            + " came faster than they could be read, and are not shown");
                }
                page.exchanges().forEach(this::print);
                lost = false;
                if (page.exchanges().size() == MOST) {
                    continue; // there are more already
                }
            } catch (UnreachableException gone) {
                if (!lost) {
                    say(String.valueOf(gone.getMessage()));
                }
                lost = true;
            } catch (PortwayException refused) {
                throw AdminOption.failure(refused);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private void print(ExchangeView exchange) {
        terminal.out().println(json ? JsonOutput.line(exchange) : words(exchange));
    }

    private String words(ExchangeView exchange) {
        String url = (exchange.host() == null ? "" : exchange.host()) + exchange.path();
        String took = Math.round(exchange.totalMs()) + " ms";
        String error = exchange.error() == null
                ? ""
                : exchange.error() + (exchange.cause() == null ? "" : " (" + exchange.cause() + ")");
        if (!terminal.interactive()) {
            return String.join(
                    "\t",
                    exchange.time().toString(),
                    String.valueOf(exchange.status()),
                    exchange.method(),
                    Table.plain(url),
                    exchange.route() == null ? "" : exchange.route(),
                    exchange.backend() == null ? "" : exchange.backend(),
                    String.valueOf(exchange.totalMs()),
                    Table.plain(error));
        }
        String to = (exchange.route() == null ? "no route" : exchange.route())
                + (exchange.backend() == null ? "" : " -> " + exchange.backend());
        return TIME.format(exchange.time().atZone(ZoneId.systemDefault())) + "  " + coloured(exchange.status()) + "  "
                + Table.plain(exchange.method() + "  " + url + "  " + to + "  " + took)
                + (error.isEmpty() ? "" : "  " + terminal.red(Table.plain(error)));
    }

    private String coloured(int code) {
        String text = String.valueOf(code);
        return switch (code / 100) {
            case 2 -> terminal.green(text);
            case 4 -> terminal.yellow(text);
            case 5 -> terminal.red(text);
            default -> text;
        };
    }

    private void say(String line) {
        terminal.err().println("proxy: " + Table.plain(line));
    }
}
