package dev.portway.config;

import static java.util.Objects.requireNonNull;

/**
 * What of a request decides its target where balancing is by hash. Immutable.
 *
 * @param part of the request
 * @param name of the header or the cookie; {@code ""} for the other parts
 */
public record HashKey(Part part, String name) {

    /** The parts of a request that can be hashed. */
    public enum Part {
        /** The client's address. */
        CLIENT,
        /** The path, normalised, without the query. */
        PATH,
        /** A header's first value; the client's address where there is none. */
        HEADER,
        /** A cookie's value; the client's address where there is none. */
        COOKIE
    }

    public static final HashKey CLIENT = new HashKey(Part.CLIENT, "");

    private static final String HEADER = "header:";
    private static final String COOKIE = "cookie:";

    public HashKey {
        requireNonNull(part, "part");
        requireNonNull(name, "name");
    }

    /** As the file has it. */
    public String written() {
        return switch (part) {
            case CLIENT -> "client";
            case PATH -> "path";
            case HEADER -> HEADER + name;
            case COOKIE -> COOKIE + name;
        };
    }

    static HashKey read(Cursor at) throws InvalidValueException {
        String expected = "client, path, header:NAME or cookie:NAME";
        String text = at.text("what to hash", expected);
        if (text.equals("client")) {
            return CLIENT;
        }
        if (text.equals("path")) {
            return new HashKey(Part.PATH, "");
        }
        boolean header = text.startsWith(HEADER);
        String name = header || text.startsWith(COOKIE) ? text.substring(text.indexOf(':') + 1) : "";
        if (!Token.is(name)) {
            throw new InvalidValueException("is not what can be hashed", expected);
        }
        return new HashKey(header ? Part.HEADER : Part.COOKIE, name);
    }
}
