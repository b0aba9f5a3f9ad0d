package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that stay with the target that began them; a route's {@code sticky}. Immutable.
 *
 * @param name of the cookie
 * @param secret that its values are signed with; null for one that this process makes up
 */
public record StickyConfig(String name, @Nullable String secret) {

    public static final StickyConfig DEFAULT = new StickyConfig("portway", null);

    public StickyConfig {
        requireNonNull(name, "name");
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "StickyConfig[name=" + name + ", secret=" + (secret == null ? "none" : "***") + "]";
    }

    private static final int MAX_SECRET_FILE = 8 * 1024;
    private static final int MIN_SECRET = 16;
    private static final Keys SECRET_KEYS = Keys.of("file");

    static final Keys KEYS = Keys.of("name", "secret").with("secret", SECRET_KEYS);

    /** An object, or {@code true} for the defaults; empty for {@code false}. */
    static Optional<StickyConfig> read(Cursor at) throws InvalidValueException {
        if (!at.node().isObject()) {
            return readSwitch(at) ? Optional.of(DEFAULT) : Optional.empty();
        }
        Members in = at.members(KEYS);
        return Optional.of(new StickyConfig(
                in.get("name", DEFAULT.name, StickyConfig::readName), in.get("secret", StickyConfig::readSecret)));
    }

    private static boolean readSwitch(Cursor at) throws InvalidValueException {
        try {
            return at.bool();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    "does not say how sessions stick",
                    "true, false, or { ... } with " + String.join(", ", KEYS.names()));
        }
    }

    private static String readName(Cursor at) throws InvalidValueException {
        String expected = "such as \"session-target\"";
        String name = at.text("a cookie's name", expected);
        if (!Token.is(name)) {
            throw new InvalidValueException("is not a cookie's name", expected);
        }
        return name;
    }

    private static String readSecret(Cursor at) throws InvalidValueException {
        String expected = "\"${NAME}\" or { \"file\": \"PATH\" }";
        if (at.node().isObject()) {
            String secret = at.members(SECRET_KEYS).require("file", "a path", StickyConfig::readSecretFile);
            return secret == null ? "" : secret; // reported
        }
        String secret = checked(at.text("a secret", expected));
        if (!Placeholders.anyIn(at.written())) {
            at.warning("a secret stands in the file itself (better: " + expected + ")");
        }
        return secret;
    }

    private static String readSecretFile(Cursor at) throws InvalidValueException {
        byte[] content = FilePath.content(
                at, MAX_SECRET_FILE, "secret", "a regular file of at most 8 KiB that holds the secret");
        return checked(new String(content, StandardCharsets.UTF_8).strip());
    }

    private static String checked(String secret) throws InvalidValueException {
        if (secret.length() < MIN_SECRET) {
            throw new InvalidValueException("is too short for a secret", "at least " + MIN_SECRET + " characters");
        }
        return secret;
    }
}
