package dev.portway.config;

/**
 * The addresses this process listens on, which no target may name: a request would come back for ever. Immutable.
 *
 * @param proxy has them
 * @param port the proxy's, as messages may say it
 * @param adminPort the admin listener's, as messages may say it
 * @param tlsPort the TLS listener's, if there is one, as messages may say it
 */
record Listeners(ProxyConfig proxy, String port, String adminPort, String tlsPort) {

    static final int MAX_PORT = 65535;

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    /** @param at where {@code proxy} was read */
    static Listeners of(ProxyConfig proxy, Cursor at) {
        return new Listeners(
                proxy,
                at.member("port").mention(proxy.port()),
                at.member("admin").member("port").mention(proxy.admin().port()),
                proxy.tls() == null
                        ? ""
                        : at.member("tls").member("port").mention(proxy.tls().port()));
    }

    /** A port to listen on; 0 takes a free one. */
    static Integer readPort(Cursor at) throws InvalidValueException {
        int port = at.integer(0, MAX_PORT, "a port");
        if (port > 0 && port < FIRST_UNPRIVILEGED_PORT) {
            at.warning(at.mention(port) + " is below 1024, where most systems let only a privileged user listen");
        }
        return port;
    }

    /** Whether only this machine can reach a listener on this name or address. */
    static boolean isLoopback(String host) {
        return isLocalName(host) || AddressLiteral.isLoopback(host);
    }

    /** Refuses a target that is one of these. */
    void refuse(TargetUrl target) throws InvalidValueException {
        if (is(target, proxy.host(), proxy.port())) {
            throw new InvalidValueException(
                    "is the proxy itself, which listens on port " + port, "a backend's port or URL");
        }
        if (proxy.tls() != null && is(target, proxy.host(), proxy.tls().port())) {
            throw new InvalidValueException(
                    "is the proxy itself, which listens for TLS on port " + tlsPort, "a backend's port or URL");
        }
        if (is(target, proxy.admin().host(), proxy.admin().port())) {
            throw new InvalidValueException(
                    "is the proxy's own admin listener on port " + adminPort, "a backend's port or URL");
        }
    }

    private static boolean is(TargetUrl target, String host, int port) {
        if (target.port() != port) {
            return false;
        }
        if (target.host().equals(host)) {
            return true;
        }
        boolean everywhere = isLoopback(host) || AddressLiteral.isWildcard(host);
        return everywhere && (isLoopback(target.host()) || AddressLiteral.isWildcard(target.host()));
    }

    private static boolean isLocalName(String host) {
        return host.equals("localhost") || host.endsWith(".localhost");
    }
}
