package dev.portway.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * What a WebSocket's handshake over HTTP/1.1 has beyond that over HTTP/2: a key and the answer to it, by which each side
 * knows that the other means it (RFC 6455, section 1.3). Not a secret. Immutable.
 */
record WebSocketKey(String key) {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final int BYTES = 16;

    WebSocketKey {
        requireNonNull(key, "key");
    }

    static WebSocketKey random() {
        byte[] bytes = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return new WebSocketKey(Base64.getEncoder().encodeToString(bytes));
    }

    /** Adds it to a request. */
    void ask(HttpFields.Mutable to) {
        to.put(HttpHeader.SEC_WEBSOCKET_KEY, key);
        if (!to.contains(HttpHeader.SEC_WEBSOCKET_VERSION)) {
            to.add(HttpHeader.SEC_WEBSOCKET_VERSION, VERSION);
        }
    }

    /** Whether a response has the answer to it. */
    boolean acceptedBy(HttpFields headers) {
        return answer().equals(headers.get(HttpHeader.SEC_WEBSOCKET_ACCEPT));
    }

    private String answer() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
