package dev.portway.config;

import static java.util.Objects.requireNonNull;

/**
 * What a backend is told of who asks: {@code {auth.name}}, {@code {auth.method}} or {@code {jwt.CLAIM}}. Immutable.
 *
 * @param part of what was authenticated
 * @param claim its name; empty for the other parts
 */
public record IdentityValue(Part part, String claim) {

    /** What can be told. */
    public enum Part {
        NAME,
        METHOD,
        CLAIM
    }

    public IdentityValue {
        requireNonNull(part, "part");
        requireNonNull(claim, "claim");
    }

    static final IdentityValue NAME = new IdentityValue(Part.NAME, "");

    private static final String JWT = "{jwt.";
    private static final String EXPECTED = "\"{auth.name}\", \"{auth.method}\" or \"{jwt.CLAIM}\"";

    static IdentityValue read(Cursor at) throws InvalidValueException {
        String text = at.text("what is known of who asks", EXPECTED);
        if (text.equals("{auth.name}")) {
            return NAME;
        }
        if (text.equals("{auth.method}")) {
            return new IdentityValue(Part.METHOD, "");
        }
        if (!text.startsWith(JWT) || !text.endsWith("}") || text.length() <= JWT.length() + 1) {
            throw new InvalidValueException("is not what is known of who asks", EXPECTED);
        }
        return new IdentityValue(Part.CLAIM, text.substring(JWT.length(), text.length() - 1));
    }

    /** As the file has it. */
    @Override
    public String toString() {
        return switch (part) {
            case NAME -> "{auth.name}";
            case METHOD -> "{auth.method}";
            case CLAIM -> JWT + claim + "}";
        };
    }
}
