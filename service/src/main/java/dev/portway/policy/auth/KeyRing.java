package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hashes of keys, and whose they are. Immutable. */
final class KeyRing {

    static final KeyRing EMPTY = new KeyRing(Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

    private final String[] names;
    private final byte[][] digests;

    KeyRing(Map<String, KeyHash> keys) {
        this.names = keys.keySet().toArray(String[]::new);
        this.digests = keys.values().stream().map(KeyHash::digest).toArray(byte[][]::new);
    }

    /**
     * Reads {@code file}. A line that is no name with the hash of a key lets nobody in, and is named in the log by its number.
     *
     * @throws IOException if it cannot be read
     */
    static KeyRing read(Path file) throws IOException {
        Map<String, KeyHash> keys = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file, UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            KeyHash hash = colon > 0 ? KeyHash.parse(line.substring(colon + 1)) : null;
            if (hash == null || keys.putIfAbsent(line.substring(0, colon), hash) != null) {
                LOG.warn("{}, line {}: expected NAME:sha256:HEX, each name once; it lets nobody in", file, i + 1);
            }
        }
        return new KeyRing(keys);
    }

    /** Who has the key of this hash; null for nobody. All are looked at, whatever is found, so time tells nothing. */
    @Nullable
    String holder(byte[] digest) {
        String holder = null;
        for (int i = 0; i < digests.length; i++) {
            if (MessageDigest.isEqual(digests[i], digest)) {
                holder = names[i];
            }
        }
        return holder;
    }
}
