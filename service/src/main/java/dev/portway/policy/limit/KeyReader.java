package dev.portway.policy.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.hash.Hashing;
import com.google.common.net.InetAddresses;
import dev.portway.config.LimitKey;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which key of a limit a request counts for. A key is short, however long what it is made of. Immutable. */
final class KeyReader {

    private static final int MAX_LENGTH = 64;

    private final LimitKey key;

    KeyReader(LimitKey key) {
        this.key = requireNonNull(key, "key");
    }

    /** The key of {@code exchange}; the client's address where the request lacks what the key is made of. */
    String of(ProxyExchange exchange) {
        return switch (key.kind()) {
            case CLIENT -> client(exchange.client().address());
            case ROUTE -> exchange.route() == null ? "" : exchange.route().id();
            case HEADER -> value(header(exchange), exchange);
            case JWT -> value(claim(exchange.identity()), exchange);
            case COOKIE -> value(exchange.cookie(requireNonNull(key.name())), exchange);
        };
    }

    /** All values of it: a backend may read another one than the first. */
    private @Nullable String header(ProxyExchange exchange) {
        List<String> values = exchange.getHeaders().getValuesList(requireNonNull(key.name()));
        return values.isEmpty() ? null : values.size() == 1 ? values.get(0) : String.join(",", values);
    }

    private @Nullable String claim(@Nullable Identity identity) {
        return identity == null ? null : identity.claim(requireNonNull(key.name()));
    }

    private static String value(@Nullable String value, ProxyExchange exchange) {
        if (value == null) {
            return client(exchange.client().address());
        }
        // The sign in front keeps apart what a client says and what is known of it.
        return value.length() <= MAX_LENGTH
                ? "=" + value
                : "#" + Hashing.sha256().hashString(value, UTF_8);
    }

    /** IPv6 by its first 64 bits, of which whoever has one address mostly has all. */
    static String client(String address) {
        return address.indexOf(':') < 0 ? address : prefix(InetAddresses.forString(address));
    }

    /** The same. */
    static String client(InetAddress address) {
        return address instanceof Inet4Address ? InetAddresses.toAddrString(address) : prefix(address);
    }

    private static String prefix(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Long.toHexString(ByteBuffer.wrap(bytes).getLong()) + "/64";
    }
}
