package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** The server's side of WebSockets (RFC 6455), as far as tests need one: it sends back every frame as it came. */
final class WebSocketServer {

    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int OPCODE = 0x0F;
    private static final int LENGTH = 0x7F;

    private WebSocketServer() {}

    /** Agrees to the handshake, and sends frames back until one says to close, which is answered with the same code. */
    static void echo(Origin.Exchange exchange) throws IOException {
        exchange.write(agreement(exchange));
        DataInputStream in = new DataInputStream(exchange.in());
        OutputStream out = exchange.socket().getOutputStream();
        byte[] block = new byte[1 << 16];
        int opcode;
        do {
            int first = in.readUnsignedByte();
            opcode = first & OPCODE;
            long length = in.readUnsignedByte() & LENGTH;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] mask = in.readNBytes(4);
            out.write(head(opcode == PING ? (first & ~OPCODE) | PONG : first, length));
            for (long done = 0; done < length; ) {
                int piece = (int) Math.min(block.length, length - done);
                in.readFully(block, 0, piece);
                for (int i = 0; i < piece; i++) {
                    block[i] ^= mask[(int) ((done + i) % 4)];
                }
                out.write(block, 0, piece);
                done += piece;
            }
        } while (opcode != CLOSE);
        throw new IOException("closed"); // and so is the connection
    }

    /** The 101 to a handshake. */
    static String agreement(Origin.Exchange exchange) {
        String key = exchange.request().field("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(key.getBytes(US_ASCII));
            String protocol = exchange.request().field("Sec-WebSocket-Protocol");
            return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n"
                    + (protocol == null ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n") + "\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] head(int first, long length) {
        ByteBuffer head = ByteBuffer.allocate(10).put((byte) first);
        if (length < 126) {
            head.put((byte) length);
        } else if (length < 65_536) {
            head.put((byte) 126).putShort((short) length);
        } else {
            head.put((byte) 127).putLong(length);
        }
        return Arrays.copyOf(head.array(), head.position());
    }
}
