package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCrypt;

class HtpasswdTest {

    private static final String DIGITS = ".".repeat(53);

    @TempDir
    private Path folder;

    @Test
    void anUnknownUserCostsWhatMostKnownOnesCost() throws IOException {
        assertThat(decoyBeside("05", "05", "12")).startsWith("$2a$05$");
        assertThat(decoyBeside("12")).startsWith("$2a$12$");
        assertThat(decoyBeside("05", "12")).startsWith("$2a$12$");
        assertThat(decoyBeside()).startsWith("$2a$10$");
    }

    @Test
    void theDecoyIsAHashThatIsCheckedToItsEnd() throws IOException {
        String decoy = decoyBeside("04");

        assertThat(BCrypt.checkpw("anything".getBytes(UTF_8), decoy)).isFalse();
        assertThat(BCrypt.hashpw("anything", decoy)).startsWith("$2a$04$").hasSameSizeAs(decoy);
    }

    private String decoyBeside(String... costs) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < costs.length; i++) {
            lines.append("user")
                    .append(i)
                    .append(":$2y$")
                    .append(costs[i])
                    .append('$')
                    .append(DIGITS)
                    .append('\n');
        }
        return Htpasswd.read(Files.writeString(folder.resolve("users"), lines)).decoy();
    }
}
