package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.KeyHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Users, passwords and keys that tests let in, and the files that say so. */
final class Credentials {

    static final String USER = "ada";
    static final String PASSWORD = "pw-of-a-test";
    static final String KEY = "key-of-a-test";

    private Credentials() {}

    /** A file with the one user. */
    static Path htpasswd() {
        return file(USER + ":" + BCrypt.hashpw(PASSWORD, BCrypt.gensalt(4)) + "\n");
    }

    /** A file of this content. */
    static Path file(String content) {
        try {
            return Files.writeString(Files.createTempFile("portway-auth", ".txt"), content, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String hash(String key) {
        return "sha256:" + KeyHash.of(key).hex();
    }

    /** A member of an {@code auth} rule. */
    static String basic() {
        return "\"basic\": { \"file\": \"" + htpasswd() + "\" }";
    }

    /** The value of {@code Authorization}. */
    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    /** A field line of somebody who is let in. */
    static String right() {
        return "Authorization: " + basic(USER, PASSWORD) + "\r\n";
    }
}
