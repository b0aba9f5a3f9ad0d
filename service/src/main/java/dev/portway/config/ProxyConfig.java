package dev.portway.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
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
 * @param proxyProtocol whether they may begin a connection by saying whose it is (PROXY protocol)
 * @param tls the TLS listener; null for none
 * @param tunnel whether it goes to hosts without a route
 * @param dns the server that is asked for the names of backends; null for the system's own way
 */
public record ProxyConfig(
        String host,
        int port,
        AdminConfig admin,
        TimeoutsConfig timeouts,
        LimitsConfig limits,
        List<Cidr> trustedProxies,
        boolean proxyProtocol,
        @Nullable TlsConfig tls,
        TunnelConfig tunnel,
        @Nullable InetSocketAddress dns) {

    public static final String DEFAULT_HOST = "localhost";

    private static final int DNS_PORT = 53;

    public ProxyConfig(
            @Nullable String host,
            int port,
            @Nullable AdminConfig admin,
            @Nullable TimeoutsConfig timeouts,
            @Nullable LimitsConfig limits,
            @Nullable List<Cidr> trustedProxies,
            boolean proxyProtocol,
            @Nullable TlsConfig tls,
            @Nullable TunnelConfig tunnel,
            @Nullable InetSocketAddress dns) {
        this.host = host == null ? DEFAULT_HOST : host;
        this.port = port;
        this.admin = admin == null ? AdminConfig.DEFAULT : admin;
        this.timeouts = timeouts == null ? TimeoutsConfig.DEFAULT : timeouts;
        this.limits = limits == null ? LimitsConfig.DEFAULT : limits;
        this.trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
        this.proxyProtocol = proxyProtocol;
        this.tls = tls;
        this.tunnel = tunnel == null ? TunnelConfig.DISABLED : tunnel;
        this.dns = dns;
    }

    static final Keys KEYS = Keys.of(
                    "host",
                    "port",
                    "admin",
                    "timeouts",
                    "limits",
                    "trustedProxies",
                    "proxyProtocol",
                    "tls",
                    "tunnel",
                    "dns")
            .with("admin", AdminConfig.KEYS)
            .with("timeouts", TimeoutsConfig.KEYS)
            .with("limits", LimitsConfig.KEYS)
            .with("tls", TlsConfig.KEYS)
            .with("tunnel", TunnelConfig.KEYS);

    /** A stand-in where the file has no valid one, which was reported. */
    static final ProxyConfig UNKNOWN = new ProxyConfig(null, 0, null, null, null, null, false, null, null, null);

    static ProxyConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        Integer port = in.require("port", "a port, such as 8080", Listeners::readPort);
        ProxyConfig proxy = new ProxyConfig(
                in.get("host", HostName::listener),
                port == null ? 0 : port,
                in.get("admin", AdminConfig::read),
                in.get("timeouts", TimeoutsConfig::read),
                in.get("limits", LimitsConfig::read),
                in.get("trustedProxies", blocks -> blocks.list(Cidr::trusted, "[\"10.0.0.0/8\"]")),
                in.get("proxyProtocol", false, Cursor::bool),
                in.get("tls", Optional.<TlsConfig>empty(), TlsConfig::read).orElse(null),
                in.get("tunnel", TunnelConfig::read),
                in.get("dns", ProxyConfig::readDns));
        if (proxy.proxyProtocol && proxy.trustedProxies.isEmpty()) {
            at.member("proxyProtocol")
                    .warning("nobody may use it: \"trustedProxies\" names none (expected there: whom to believe)");
        }
        Cursor own = at.member("port");
        Cursor admin = at.member("admin").member("port");
        Cursor tls = at.member("tls").member("port");
        refuseSame(proxy.port, own, "the proxy's own", proxy.admin.port(), admin, "the admin listener");
        if (proxy.tls != null) {
            refuseSame(proxy.port, own, "the proxy's own", proxy.tls.port(), tls, "the TLS listener");
            refuseSame(proxy.admin.port(), admin, "the admin listener's", proxy.tls.port(), tls, "the TLS listener");
        }
        return proxy;
    }

    private static InetSocketAddress readDns(Cursor at) throws InvalidValueException {
        String expected = "a server's address, such as \"127.0.0.1:5353\", without port for 53";
        String text = at.text("a DNS server", expected);
        int colon = text.endsWith("]") || (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("["))
                ? -1
                : text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        int port = colon < 0 ? DNS_PORT : Ascii.port(text.substring(colon + 1));
        byte[] address = AddressLiteral.parse(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
        if (address == null || port < 0) {
            throw new InvalidValueException("is not the address of a DNS server", expected);
        }
        return new InetSocketAddress(AddressLiteral.toInetAddress(address), port);
    }

    private static void refuseSame(int port, Cursor at, String owner, int other, Cursor otherAt, String otherOwner) {
        if (port != 0 && port == other) {
            otherAt.error((otherAt.hasPlaceholder() ? otherAt : at).mention(port) + " is " + owner
                    + " port (expected: another one for " + otherOwner + ")");
        }
    }
}
