package dev.portway.exchange;

import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's own pages for the proxy's errors, read whenever a table is published. Thread-safe. */
public final class ErrorPages implements RouteTableListener {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);

    private volatile Map<String, byte[]> pages = Map.of(); // written by tableChanged(), read by any thread

    @Override
    public void tableChanged(RouteTable table) {
        Map<String, byte[]> read = new HashMap<>();
        for (Map.Entry<String, Path> page :
                table.config().defaultRoute().errorPages().entrySet()) {
            try {
                read.put(page.getKey(), Files.readAllBytes(page.getValue()));
            } catch (IOException e) {
                LOG.warn("error page for {} not read, the built-in one is used: {}", page.getKey(), e.toString());
            }
        }
        pages = Map.copyOf(read);
    }

    /** The page for this very status, else the one for its class; null if there is neither. */
    byte @Nullable [] page(int status) {
        Map<String, byte[]> current = pages;
        if (current.isEmpty()) {
            return null;
        }
        byte[] exact = current.get(String.valueOf(status));
        return exact == null ? current.get(status / 100 + "xx") : exact;
    }
}
