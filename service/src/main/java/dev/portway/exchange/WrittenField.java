package dev.portway.exchange;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;

/** A field that goes with many requests: its line in HTTP/1.1 (RFC 9112, section 5) is written once, and copied. Immutable. */
public final class WrittenField extends HttpField {

    private final byte[] line;

    public WrittenField(HttpHeader name, String value) {
        super(name, value);
        ByteBuffer written = ByteBuffer.allocate(getName().length() + value.length() + 4);
        HttpGenerator.putTo(this, written);
        this.line = written.array();
    }

    /** Writes the line at the end of {@code head}. */
    public void putTo(ByteBuffer head) {
        head.put(line);
    }
}
