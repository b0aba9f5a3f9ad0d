package dev.portway.config;

import org.jspecify.annotations.Nullable;

/**
 * Where a forward proxy may go: {@code *:443}, {@code db.internal:5432}, {@code *.example.org:*}, {@code 10.0.0.0/8:*} or
 * {@code [fd00::/8]:22}. Immutable.
 *
 * @param host {@code *} for any public host, a name or {@code *.suffix}; {@code ""} where {@code block} says it
 * @param block addresses; null where {@code host} says it
 * @param port 1..65535; 0 for any
 */
public record TunnelRule(String host, @Nullable Cidr block, int port) {

    private static final String EXPECTED =
            "a host and a port, such as \"*:443\", \"db.internal:5432\" or \"10.0.0.0/8:*\"";

    /** Port 443 of any public host. */
    public static final TunnelRule DEFAULT = new TunnelRule("*", null, 443);

    /** Whether it is about any host, as long as that is a public one. */
    public boolean anyPublicHost() {
        return host.equals("*");
    }

    /** Whether it names {@code name}, in lower case, in so many words. */
    public boolean names(String name) {
        if (host.startsWith("*.")) {
            return name.length() > host.length() - 1 && name.endsWith(host.substring(1));
        }
        return !host.isEmpty() && host.equals(name);
    }

    /** Whether it is about this port. */
    public boolean fits(int other) {
        return port == 0 || port == other;
    }

    static TunnelRule read(Cursor at) throws InvalidValueException {
        String text = at.text("a host and a port", EXPECTED);
        int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < text.lastIndexOf(']')) {
            throw new InvalidValueException("has no port", EXPECTED);
        }
        String portText = text.substring(colon + 1);
        int port = portText.equals("*") ? 0 : Ascii.port(portText);
        if (port < 0) {
            throw new InvalidValueException("has no such port", "1..65535 or * after the colon");
        }
        String host = text.substring(0, colon);
        if (host.equals("*")) {
            return new TunnelRule("*", null, port);
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        Cidr block = Cidr.parse(bare);
        if (block != null && bracketed == bare.contains(":")) {
            return new TunnelRule("", block, port);
        }
        if (bracketed || host.indexOf('/') >= 0 || host.indexOf(':') >= 0) {
            throw new InvalidValueException(
                    "is not a block of addresses with a port", "such as \"10.0.0.0/8:*\" or \"[fd00::/8]:22\"");
        }
        return new TunnelRule(HostName.pattern(host), null, port);
    }
}
