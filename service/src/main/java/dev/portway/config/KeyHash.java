package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A secret that a program sends, as its SHA-256, which is all that is kept of it: written {@code sha256:} and 64 hexadecimal
 * digits. Secrets that programs make up are long, so a hash that is fast to compute is as good as a slow one. Immutable.
 *
 * @param hex in small letters
 */
public record KeyHash(String hex) {

    private static final String PREFIX = "sha256:";
    private static final int DIGITS = 64;

    public KeyHash {
        requireNonNull(hex, "hex");
    }

    /** The hash of {@code secret}. */
    public static KeyHash of(String secret) {
        return new KeyHash(HexFormat.of().formatHex(digest(secret)));
    }

    /** A hash as it is written; null where {@code text} is none. */
    public static @Nullable KeyHash parse(String text) {
        if (text.length() != PREFIX.length() + DIGITS || !text.startsWith(PREFIX)) {
            return null;
        }
        String hex = text.substring(PREFIX.length());
        return hex.chars().allMatch(HexFormat::isHexDigit) ? new KeyHash(hex.toLowerCase(Locale.ROOT)) : null;
    }

    /** The hash itself. */
    public byte[] digest() {
        return HexFormat.of().parseHex(hex);
    }

    /** What the hash of {@code secret} is. */
    public static byte[] digest(String secret) {
        return sha256().digest(secret.getBytes(UTF_8));
    }

    /** Says nothing of it. */
    @Override
    public String toString() {
        return PREFIX + "***";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
