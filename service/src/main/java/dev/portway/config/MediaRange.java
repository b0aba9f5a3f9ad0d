package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Media types, written {@code application/json} or {@code image/*}. Immutable.
 *
 * @param type in small letters
 * @param subtype in small letters, {@code *} for any
 */
public record MediaRange(String type, String subtype) {

    private static final String EXPECTED = "such as \"application/json\" or \"image/*\"";

    public MediaRange {
        requireNonNull(type, "type");
        requireNonNull(subtype, "subtype");
    }

    /** Whether a {@code Content-Type} names one of them, whatever its parameters; null names none. */
    public boolean covers(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String essence = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        int slash = type.length();
        return essence.length() > slash + 1
                && essence.charAt(slash) == '/'
                && essence.regionMatches(true, 0, type, 0, slash)
                && (subtype.equals("*") || essence.substring(slash + 1).equalsIgnoreCase(subtype));
    }

    static MediaRange read(Cursor at) throws InvalidValueException {
        String text = at.text("a media type", EXPECTED).toLowerCase(Locale.ROOT);
        int slash = text.indexOf('/');
        String type = slash < 0 ? "" : text.substring(0, slash);
        String subtype = text.substring(slash + 1);
        if (!Token.is(type)
                || !Token.is(subtype)
                || type.equals("*")
                || (subtype.contains("*") && subtype.length() > 1)) {
            throw new InvalidValueException("is not a media type", EXPECTED);
        }
        return new MediaRange(type, subtype);
    }

    @Override
    public String toString() {
        return type + "/" + subtype;
    }
}
