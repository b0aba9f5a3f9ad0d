package dev.portway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The admin listener. Immutable.
 *
 * @param host name or address to listen on; {@code localhost} by default
 * @param port 0..65535; 8081 by default
 * @param token required of every admin request when set, and required here when {@code host} is not loopback
 * @param allowedHosts further names accepted in {@code Host}
 */
public record AdminConfig(String host, int port, @Nullable String token, List<String> allowedHosts) {

    public static final int DEFAULT_PORT = 8081;
    public static final AdminConfig DEFAULT = new AdminConfig(null, null, null, null);

    public AdminConfig(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String token,
            @Nullable List<String> allowedHosts) {
        this(
                host == null ? ProxyConfig.DEFAULT_HOST : host,
                port == null ? DEFAULT_PORT : port.intValue(),
                token,
                allowedHosts == null ? List.of() : allowedHosts);
    }

    public AdminConfig {
        allowedHosts = List.copyOf(allowedHosts);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "AdminConfig[host=" + host + ", port=" + port + ", token=" + (token == null ? "none" : "***")
                + ", allowedHosts=" + allowedHosts + "]";
    }
}
