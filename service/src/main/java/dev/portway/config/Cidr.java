package dev.portway.config;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses (RFC 4632, RFC 4291), written {@code 10.0.0.0/8}, {@code ::1} or {@code 2001:db8::/32}. Immutable.
 *
 * @param network its first address, bits beyond {@code prefix} zero
 * @param prefix length in bits, 0..32 or 0..128
 */
public record Cidr(InetAddress network, int prefix) {

    /** Whether {@code address} lies in this block; an IPv4-mapped IPv6 address counts as the IPv4 one. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        int mask = 0xFF << (8 - rest) & 0xFF;
        return rest == 0 || (mine[whole] & mask) == (theirs[whole] & mask);
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }

    private static final String EXPECTED = "an address or a block of them, such as \"10.0.0.0/8\" or \"::1\"";

    /** A block of those who are believed, written as {@link #read} takes it. */
    static Cidr trusted(Cursor at) throws InvalidValueException {
        Cidr block = read(at);
        if (block.prefix == 0) {
            at.warning(at.shown() + " is everybody: any client can claim to be another");
        }
        return block;
    }

    /** A block written as {@code ADDRESS/PREFIX} or as an address alone; never a name, which would have to be asked for. */
    static Cidr read(Cursor at) throws InvalidValueException {
        String text = at.text("a block of addresses", EXPECTED);
        int slash = text.indexOf('/');
        byte[] address = address(text);
        if (address == null) {
            throw new InvalidValueException("is not an address or a block of them", EXPECTED + ", never a name");
        }
        int bits = address.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
        if (prefix > bits) {
            throw new InvalidValueException("has no such prefix", "0.." + bits + " after the slash");
        }
        Cidr block = new Cidr(AddressLiteral.toInetAddress(mask(address, prefix)), prefix);
        if (prefix > 0 && !AddressLiteral.toInetAddress(address).equals(block.network)) {
            at.warning(at.shown() + " has bits beyond its prefix"
                    + (at.hasPlaceholder() ? ", which are left out" : " and is read as " + block));
        }
        return block;
    }

    /** A block written in the same way; null where it is none. */
    static @Nullable Cidr parse(String text) {
        byte[] address = address(text);
        if (address == null) {
            return null;
        }
        int slash = text.indexOf('/');
        int bits = address.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
        return prefix > bits ? null : new Cidr(AddressLiteral.toInetAddress(mask(address, prefix)), prefix);
    }

    private static byte @Nullable [] address(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        return literal.isEmpty() ? null : AddressLiteral.parse(literal);
    }

    private static int prefix(String text) {
        return Ascii.isDigits(text) && text.length() <= 3 ? Integer.parseInt(text) : Integer.MAX_VALUE;
    }

    private static byte[] mask(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.max(0, Math.min(8, prefix - 8 * i));
            masked[i] &= (byte) (0xFF << (8 - kept));
        }
        return masked;
    }
}
