package dev.portway.config;

import java.nio.charset.StandardCharsets;
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

    private static final int MAX_TOKEN_FILE = 8 * 1024;
    private static final Keys TOKEN_KEYS = Keys.of("file");

    static final Keys KEYS = Keys.of("host", "port", "token", "allowedHosts").with("token", TOKEN_KEYS);

    static AdminConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        AdminConfig admin = new AdminConfig(
                in.get("host", ProxyConfig.DEFAULT_HOST, HostName::listener),
                in.get("port", DEFAULT_PORT, Listeners::readPort),
                in.get("token", AdminConfig::readToken),
                in.get("allowedHosts", List.of(), hosts -> hosts.list(HostName::plain, "[\"admin.example\"]")));
        if (!in.has("token") && !Listeners.isLoopback(admin.host)) {
            in.at()
                    .member("token")
                    .error("missing: the admin listener is on "
                            + in.at().member("host").mention(admin.host)
                            + ", which others can reach (expected: \"${NAME}\" or { \"file\": \"PATH\" })");
        }
        return admin;
    }

    private static String readToken(Cursor at) throws InvalidValueException {
        String expected = "\"${NAME}\" or { \"file\": \"PATH\" }";
        if (at.node().isObject()) {
            String token = at.members(TOKEN_KEYS).require("file", "a path", AdminConfig::readTokenFile);
            return token == null ? "" : token; // reported
        }
        String token = checkedToken(at.text("a token", expected), expected);
        if (!Placeholders.anyIn(at.written())) {
            at.warning("a secret stands in the file itself (better: " + expected + ")");
        }
        return token;
    }

    private static String readTokenFile(Cursor at) throws InvalidValueException {
        byte[] content =
                FilePath.content(at, MAX_TOKEN_FILE, "token", "a regular file of at most 8 KiB that holds the token");
        return checkedToken(new String(content, StandardCharsets.UTF_8).strip(), "a file that holds one token");
    }

    /** A token is sent in {@code Authorization: Bearer}, which allows no white space (RFC 6750, section 2.1). */
    private static String checkedToken(String token, String expected) throws InvalidValueException {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new InvalidValueException("is not a token of visible ASCII characters", expected);
        }
        return token;
    }
}
