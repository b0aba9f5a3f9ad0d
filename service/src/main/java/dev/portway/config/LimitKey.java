package dev.portway.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Which requests a limit counts together. Immutable.
 *
 * @param kind what they have in common
 * @param name of the header, the cookie or the claim; null for the other kinds
 */
public record LimitKey(Kind kind, @Nullable String name) {

    static final LimitKey CLIENT = new LimitKey(Kind.CLIENT, null);

    private static final String EXPECTED = "client, route, header:NAME, cookie:NAME or jwt:CLAIM";

    public LimitKey {
        requireNonNull(kind, "kind");
    }

    static LimitKey read(Cursor at) throws InvalidValueException {
        String text = at.text("a key", EXPECTED);
        for (Kind kind : Kind.values()) {
            if (!kind.named && text.equals(kind.word)) {
                return new LimitKey(kind, null);
            }
            String name = text.startsWith(kind.word + ":") ? text.substring(kind.word.length() + 1) : "";
            if (kind.named && Token.is(name)) {
                return new LimitKey(kind, name);
            }
        }
        throw new InvalidValueException("is not a key", EXPECTED);
    }

    /** As the file has it. */
    public String written() {
        return name == null ? kind.word : kind.word + ":" + name;
    }

    /** What requests that are counted together have in common. */
    public enum Kind {
        /** The address; of IPv6 the first 64 bits. */
        CLIENT("client", false),
        ROUTE("route", false),
        HEADER("header", true),
        COOKIE("cookie", true),
        /** A claim that was proven: such a limit is met behind authentication. */
        JWT("jwt", true);

        private final String word;
        private final boolean named;

        Kind(String word, boolean named) {
            this.word = word;
            this.named = named;
        }

        /** As the file has it, without a name. */
        public String word() {
            return word;
        }
    }
}
