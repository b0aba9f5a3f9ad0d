package dev.portway.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, versions 1 and 2, by which a proxy in front says whose connection it passes on.
 * Immutable.
 *
 * @param length in bytes
 * @param client the address of the client; null where the proxy speaks for itself, or does not know
 * @param server the address that the client connected to; null together with the other
 */
record ProxyHeader(
        int length,
        @Nullable InetSocketAddress client,
        @Nullable InetSocketAddress server) {

    /** Longer ones are not taken: the addresses are short, and nothing else in it is of interest. */
    static final int MAX_BYTES = 1024;

    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(US_ASCII);
    private static final int MAX_BYTES_1 = 107;

    private static final byte[] SIGNATURE_2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int FIXED_2 = 16;
    private static final int VERSION_2 = 0x20;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int TCP_4 = 0x11;
    private static final int TCP_6 = 0x21;

    /** Whether {@code bytes} may be the begin of a header: if they are few, one that is not yet in. */
    static boolean mayBegin(ByteBuffer bytes) {
        return begins(bytes, SIGNATURE_1) || begins(bytes, SIGNATURE_2);
    }

    /**
     * The header that {@code bytes} begin with.
     *
     * @param bytes for which {@link #mayBegin} holds; read, not consumed
     * @return null where more must come
     * @throws MalformedException where they are no header
     */
    static @Nullable ProxyHeader parse(ByteBuffer bytes) throws MalformedException {
        return begins(bytes, SIGNATURE_1) ? parse1(bytes) : parse2(bytes);
    }

    private static boolean begins(ByteBuffer bytes, byte[] signature) {
        for (int i = 0; i < signature.length && i < bytes.remaining(); i++) {
            if (bytes.get(bytes.position() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@code PROXY TCP4 192.0.2.1 192.0.2.2 1234 80}, and the end of a line. */
    private static @Nullable ProxyHeader parse1(ByteBuffer bytes) throws MalformedException {
        int length = Math.min(bytes.remaining(), MAX_BYTES_1);
        byte[] read = new byte[length];
        bytes.get(bytes.position(), read);
        String text = new String(read, US_ASCII);
        int end = text.indexOf("\r\n");
        if (end < 0) {
            if (length == MAX_BYTES_1) {
                throw new MalformedException("its line does not end");
            }
            return null;
        }
        String[] words = text.substring(0, end).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new ProxyHeader(end + 2, null, null);
        }
        if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
            throw new MalformedException("it is not of the form PROXY TCP4 CLIENT SERVER PORT PORT");
        }
        int bytesOfAddress = words[1].equals("TCP4") ? 4 : 16;
        return new ProxyHeader(
                end + 2,
                new InetSocketAddress(address(words[2], bytesOfAddress), port(words[4])),
                new InetSocketAddress(address(words[3], bytesOfAddress), port(words[5])));
    }

    private static InetAddress address(String text, int bytes) throws MalformedException {
        if (!InetAddresses.isInetAddress(text) || text.indexOf('%') >= 0 || (bytes == 4) == (text.indexOf(':') >= 0)) {
            throw new MalformedException("an address of it is none");
        }
        return InetAddresses.forString(text);
    }

    private static int port(String text) throws MalformedException {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 0xFFFF) {
            throw new MalformedException("a port of it is none");
        }
        return port;
    }

    private static @Nullable ProxyHeader parse2(ByteBuffer bytes) throws MalformedException {
        if (bytes.remaining() < FIXED_2) {
            return null;
        }
        ByteBuffer header = bytes.slice().position(SIGNATURE_2.length);
        int versionAndCommand = header.get() & 0xFF;
        int command = versionAndCommand & 0xF;
        if ((versionAndCommand & 0xF0) != VERSION_2 || command > PROXY) {
            throw new MalformedException("it is of an unknown version or command");
        }
        int family = header.get() & 0xFF;
        int length = FIXED_2 + Short.toUnsignedInt(header.getShort());
        if (length > MAX_BYTES) {
            throw new MalformedException("it is longer than " + MAX_BYTES + " bytes");
        }
        if (bytes.remaining() < length) {
            return null;
        }
        int address = family == TCP_4 ? 4 : family == TCP_6 ? 16 : 0;
        if (command == LOCAL || address == 0) {
            return new ProxyHeader(length, null, null);
        }
        if (length < FIXED_2 + 2 * address + 4) {
            throw new MalformedException("it is too short for its addresses");
        }
        byte[] client = new byte[address];
        byte[] server = new byte[address];
        header.get(client).get(server);
        return new ProxyHeader(
                length,
                new InetSocketAddress(address(client), Short.toUnsignedInt(header.getShort())),
                new InetSocketAddress(address(server), Short.toUnsignedInt(header.getShort())));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("bytes: " + Arrays.toString(bytes) + " (expected: 4 or 16)", e);
        }
    }

    /** What begins like a header is none. The message continues a sentence about it. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }
}
