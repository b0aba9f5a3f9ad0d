package dev.portway.cli;

import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code --admin URL}, and calls of the proxy that listens there. */
@Command
final class AdminOption {

    /** Of leases for which nobody else is named. */
    static final String OWNER = "proxy";

    private static final String ADDRESS = "PORTWAY_ADMIN";
    private static final String TOKEN = "PORTWAY_TOKEN";
    private static final String USUAL = "http://localhost:8081";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "The admin listener of the proxy; without it, what PORTWAY_ADMIN says, or " + USUAL
                    + ". A token is taken from PORTWAY_TOKEN.")
    private @Nullable String address;

    /** Asks the proxy; what goes wrong is a {@link CommandFailure} of one line. */
    <T> T ask(Terminal terminal, Function<PortwayClient, T> question) {
        return ask(terminal, OWNER, question);
    }

    /**
     * The same for an owner of leases.
     */
    <T> T ask(Terminal terminal, String owner, Function<PortwayClient, T> question) {
        try (PortwayClient client = client(terminal, owner);
                Progress progress = Progress.of(terminal, "waiting for " + address(terminal))) {
            progress.start();
            return question.apply(client);
        } catch (PortwayException failed) {
            throw failure(failed);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof PortwayException known ? failure(known) : failed;
        }
    }

    /**
     * A client to be closed by the caller.
     *
     * @param owner of its leases
     */
    PortwayClient client(Terminal terminal, String owner) {
        return at(address(terminal), terminal, owner);
    }

    /** The same for this address. */
    static PortwayClient at(String address, Terminal terminal, String owner) {
        try {
            return PortwayClient.builder()
                    .admin(address)
                    .owner(owner)
                    .brief()
                    .token(stripped(terminal, TOKEN))
                    .build();
        } catch (IllegalArgumentException unusable) {
            throw new CommandFailure(String.valueOf(unusable.getMessage()));
        }
    }

    String address(Terminal terminal) {
        if (address != null) {
            return address;
        }
        String told = stripped(terminal, ADDRESS);
        return told == null ? USUAL : told;
    }

    private static @Nullable String stripped(Terminal terminal, String variable) {
        return terminal.variable(variable).map(String::strip).orElse(null);
    }

    /** What went wrong, in one line: the client says what to do, and its text is for people. */
    static CommandFailure failure(PortwayException failed) {
        String message = Table.plain(String.valueOf(failed.getMessage()));
        String sentence = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        return new CommandFailure(sentence, List.of());
    }
}
