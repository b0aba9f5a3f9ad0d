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
    private static final int PREFIX_GROUPS = 4;

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

    /**
     * IPv6 by its first 64 bits, of which whoever has one address mostly has all.
     *
     * @param address in the usual form (RFC 5952)
     */
    static String client(String address) {
        int first = address.indexOf(':');
        if (first < 0) {
            return address;
        }
        int end = first;
        for (int group = 2; group <= PREFIX_GROUPS; group++) {
            int colon = address.indexOf(':', end + 1);
            if (colon <= end + 1) {
                return prefix(InetAddresses.forString(address)); // zeros are left out among the first
            }
            end = colon;
        }
        return first == 0 ? prefix(InetAddresses.forString(address)) : address.substring(0, end);
    }

    /** The same of an address that is not written. */
    static String client(InetAddress address) {
        return address instanceof Inet4Address ? InetAddresses.toAddrString(address) : prefix(address);
    }

    private static String prefix(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        StringBuilder prefix = new StringBuilder(20);
        for (int group = 0; group < PREFIX_GROUPS; group++) {
            prefix.append(group == 0 ? "" : ":").append(Integer.toHexString(bytes.getShort() & 0xFFFF));
        }
        return prefix.toString();
    }
}
