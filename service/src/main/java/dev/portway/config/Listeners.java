package dev.portway.config;

/** The addresses this process listens on, which no target may name: a request would come back for ever. Immutable. */
record Listeners(ProxyConfig proxy) {

    static final int MAX_PORT = 65535;

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    /** A port to listen on; 0 takes a free one. */
    static Integer readPort(Cursor at) throws InvalidValueException {
        int port = at.integer(0, MAX_PORT, "a port");
        if (port > 0 && port < FIRST_UNPRIVILEGED_PORT) {
            at.warning(port + " is below 1024, where most systems let only a privileged user listen");
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
                    "is the proxy itself, which listens on port " + proxy.port(), "a backend's port or URL");
        }
        if (is(target, proxy.admin().host(), proxy.admin().port())) {
            throw new InvalidValueException(
                    "is the proxy's own admin listener on port " + proxy.admin().port(), "a backend's port or URL");
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
