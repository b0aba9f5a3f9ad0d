package dev.portway.policy.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.base.CharMatcher;
import com.google.common.hash.Hashing;
import com.google.common.net.InetAddresses;
import dev.portway.config.LimitKey;
import dev.portway.exchange.FieldNames;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Says which key of a limit a request counts for. A key is short, however long what it is made of. Immutable. */
final class KeyReader {

    private static final int MAX_LENGTH = 64;
    private static final int PREFIX_GROUPS = 4;

    /** Of all requests that say more than one thing: which of it a backend believes, nobody knows. */
    private static final String SEVERAL = "+";

    private static final CharMatcher BLANK = CharMatcher.anyOf(" \t");

    private final LimitKey key;
    private final @Nullable FieldNames field; // null where the key is of no header
    private final boolean credentials;

    KeyReader(LimitKey key) {
        this.key = requireNonNull(key, "key");
        this.field = key.kind() == LimitKey.Kind.HEADER ? new FieldNames(List.of(requireNonNull(key.name()))) : null;
        this.credentials = field != null && HttpHeader.AUTHORIZATION.is(key.name());
    }

    /** The key of {@code exchange}; the client's address where the request lacks what the key is made of. */
    String of(ProxyExchange exchange) {
        return switch (key.kind()) {
            case CLIENT -> client(exchange.client().address());
            case ROUTE -> exchange.route() == null ? "" : exchange.route().id();
            case HEADER -> header(requireNonNull(field), exchange);
            case JWT -> value(claim(exchange.identity()), exchange);
            case COOKIE -> cookie(requireNonNull(key.name()), exchange);
        };
    }

    private String header(FieldNames name, ProxyExchange exchange) {
        HttpField found = null;
        for (HttpField each : exchange.getHeaders()) {
            if (name.cover(each.getName())) {
                if (found != null) {
                    return SEVERAL;
                }
                found = each;
            }
        }
        String value = found == null ? null : found.getValue();
        return value(value == null ? null : spelledAlike(value), exchange);
    }

    /** With one blank for any number of them, and the scheme of credentials in small letters (RFC 9110, section 11.1). */
    private String spelledAlike(String value) {
        String plain = BLANK.trimAndCollapseFrom(value, ' ');
        int blank = credentials ? plain.indexOf(' ') : -1;
        return blank < 0 ? plain : plain.substring(0, blank).toLowerCase(Locale.ROOT) + plain.substring(blank);
    }

    private static String cookie(String name, ProxyExchange exchange) {
        return exchange.cookies(name) > 1 ? SEVERAL : value(exchange.cookie(name), exchange);
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
