package dev.portway.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** In which version of the PROXY protocol a backend is told whose connection it gets. */
public enum ProxyProtocol {
    /** A line of text. */
    V1("v1"),
    /** Bytes. */
    V2("v2");

    private final String written;

    ProxyProtocol(String written) {
        this.written = written;
    }

    /** As the file has it. */
    public String written() {
        return written;
    }

    static ProxyProtocol read(Cursor at) throws InvalidValueException {
        String names = Arrays.stream(values())
                .map(version -> '"' + version.written + '"')
                .collect(Collectors.joining(" or "));
        String text = at.text("a version of the PROXY protocol", names);
        for (ProxyProtocol version : values()) {
            if (version.written.equals(text)) {
                return version;
            }
        }
        throw new InvalidValueException("is not a version of the PROXY protocol", names);
    }
}
