package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users of an htpasswd file and the bcrypt hashes of their passwords, as the file was when it was read. Immutable. */
final class Htpasswd {

    static final Htpasswd NOBODY = new Htpasswd(Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(Htpasswd.class);
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");

    private static final String USUAL_COST = "10";

    private final Map<String, String> hashes;
    private final String decoy;

    private Htpasswd(Map<String, String> hashes) {
        this.hashes = Map.copyOf(hashes);
        // Salt and digest are zeros: checking it takes as long as with any others, and no password is known to give it.
        this.decoy = "$2a$" + usualCost(hashes.values()) + "$" + ".".repeat(53);
    }

    /** That of most hashes; of two with as many, the higher. */
    private static String usualCost(Collection<String> hashes) {
        Map<String, Integer> counts = new TreeMap<>();
        hashes.forEach(hash -> counts.merge(hash.substring(4, 6), 1, Integer::sum));
        String usual = USUAL_COST;
        int most = 0;
        for (Map.Entry<String, Integer> cost : counts.entrySet()) {
            if (cost.getValue() >= most) {
                usual = cost.getKey();
                most = cost.getValue();
            }
        }
        return usual;
    }

    /**
     * Reads {@code file}. A line that is no user with a bcrypt hash lets nobody in, and is named in the log by its number.
     *
     * @throws IOException if it cannot be read
     */
    static Htpasswd read(Path file) throws IOException {
        Map<String, String> hashes = new HashMap<>();
        List<String> lines = Files.readAllLines(file, UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String hash = line.substring(colon + 1);
            if (colon > 0 && BCRYPT.matcher(hash).matches()) {
                hashes.put(line.substring(0, colon), hash);
            } else {
                LOG.warn(
                        "{}, line {}: expected user:hash with a bcrypt hash, as of htpasswd -B; it lets nobody in",
                        file,
                        i + 1);
            }
        }
        return new Htpasswd(hashes);
    }

    /** Null where there is no such user. */
    @Nullable
    String hashOf(String user) {
        return hashes.get(user);
    }

    /** A hash to check the passwords of unknown users against, so that they wait as long as most of the known ones. */
    String decoy() {
        return decoy;
    }
}
