package dev.portway.config;

import java.util.List;

/** How routes are called. */
public final class RouteId {

    private static final String EXPECTED = "letters, digits and . _ - only, such as \"api\"";
    private static final int MAX_LENGTH = 128;
    private static final String RESERVED = "default";

    private RouteId() {}

    /**
     * The id of a route that has none of its own: a slug of its first host and its path, such as {@code shop.local-cart};
     * {@code any.} stands for the wildcard and {@code root} for a route without both.
     */
    public static String of(List<String> host, String path) {
        String name = host.isEmpty() ? "" : host.get(0).replace("*", "any");
        StringBuilder slug = new StringBuilder();
        for (char c : (name + path).toCharArray()) {
            if (isPlain(c)) {
                slug.append(c);
            } else if (slug.length() > 0 && slug.charAt(slug.length() - 1) != '-') {
                slug.append('-');
            }
        }
        while (slug.length() > 0 && slug.charAt(slug.length() - 1) == '-') {
            slug.setLength(slug.length() - 1);
        }
        slug.setLength(Math.min(slug.length(), MAX_LENGTH));
        return slug.isEmpty() || slug.toString().equals(RESERVED) ? "root" + slug : slug.toString();
    }

    static String read(Cursor at) throws InvalidValueException {
        String id = at.text("an id", EXPECTED);
        boolean plain = !id.isEmpty()
                && id.length() <= MAX_LENGTH
                && id.chars().allMatch(c -> isPlain((char) c))
                && id.chars().anyMatch(c -> c != '.');
        if (!plain) {
            throw new InvalidValueException("is not an id", EXPECTED + ", at most " + MAX_LENGTH + " of them");
        }
        if (id.equals(RESERVED)) {
            throw new InvalidValueException("is the name of what answers where no route matches", "another id");
        }
        return id;
    }

    private static boolean isPlain(char c) {
        return Ascii.isAlphanumeric(c) || c == '.' || c == '_' || c == '-';
    }
}
