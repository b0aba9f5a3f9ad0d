package dev.portway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners and what holds for all traffic; the file's {@code proxy}. Immutable.
 *
 * @param host name or address to listen on; {@code localhost}, the default, means 127.0.0.1 and ::1
 * @param port 0..65535; 0 takes a free one
 * @param admin the admin listener
 * @param timeouts time limits, inherited by every route
 * @param limits size and number limits
 * @param trustedProxies peers whose forwarding fields are believed
 */
public record ProxyConfig(
        String host,
        int port,
        AdminConfig admin,
        TimeoutsConfig timeouts,
        LimitsConfig limits,
        List<Cidr> trustedProxies) {

    public static final String DEFAULT_HOST = "localhost";

    public ProxyConfig(
            @Nullable String host,
            int port,
            @Nullable AdminConfig admin,
            @Nullable TimeoutsConfig timeouts,
            @Nullable LimitsConfig limits,
            @Nullable List<Cidr> trustedProxies) {
        this.host = host == null ? DEFAULT_HOST : host;
        this.port = port;
        this.admin = admin == null ? AdminConfig.DEFAULT : admin;
        this.timeouts = timeouts == null ? TimeoutsConfig.DEFAULT : timeouts;
        this.limits = limits == null ? LimitsConfig.DEFAULT : limits;
        this.trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
    }
}
