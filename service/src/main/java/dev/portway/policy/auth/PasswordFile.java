package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Checks names and passwords against an htpasswd file, which is read again when it changed. Checking a bcrypt hash is slow
 * on purpose, so other threads do it, and what was right is remembered for as long as the file says so: not the password,
 * but a digest of it under a key that this process alone has. Thread-safe.
 */
public final class PasswordFile {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REMEMBERED = 1024;

    private final Path file;
    private final Executor workers;
    private final Executor looker;
    private final LongSupplier nanoTime;
    private final SecretKeySpec key;
    private final Map<String, Verified> verified = new LinkedHashMap<>(); // by user; guarded by itself
    private @Nullable CompletableFuture<Htpasswd> look; // guarded by this; the one under way
    private volatile @Nullable Sight sight; // written by one look at a time, read by any thread

    /**
     * A file that is not read yet.
     *
     * @param workers where passwords are checked; may reject
     * @param looker where the file is read, one task at a time: not the workers, behind whom those would wait whose
     *     password is known already
     */
    public PasswordFile(Path file, Executor workers, Executor looker) {
        this(file, workers, looker, System::nanoTime);
    }

    PasswordFile(Path file, Executor workers, Executor looker, LongSupplier nanoTime) {
        this.file = requireNonNull(file, "file");
        this.workers = requireNonNull(workers, "workers");
        this.looker = requireNonNull(looker, "looker");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** Which file it is. */
    public Path file() {
        return file;
    }

    /**
     * Whether {@code password} is that of {@code user}. Known at once where it was checked before; else a worker completes
     * the future, or it fails with {@link RejectedExecutionException} where too many wait already.
     */
    public CompletableFuture<Boolean> accepts(String user, String password) {
        Sight now = sight;
        if (now != null && nanoTime.getAsLong() - now.seenAt < LOOK_AGAIN_NANOS) {
            return accepts(now.users, user, password);
        }
        return lookAgain().thenCompose(users -> accepts(users, user, password));
    }

    private CompletableFuture<Boolean> accepts(Htpasswd users, String user, String password) {
        String hash = users.hashOf(user);
        byte[] digest = digest(password);
        if (hash != null && remembered(user, hash, digest)) {
            return CompletableFuture.completedFuture(true);
        }
        try {
            return CompletableFuture.supplyAsync(() -> check(user, password, hash, digest), workers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean check(String user, String password, @Nullable String hash, byte[] digest) {
        byte[] bytes = password.getBytes(UTF_8);
        if (hash == null) {
            BCrypt.checkpw(bytes, Decoy.HASH);
            return false;
        }
        boolean right = remembered(user, hash, digest) || BCrypt.checkpw(bytes, hash);
        if (right) {
            remember(user, new Verified(hash, digest));
        }
        return right;
    }

    /** Those who ask meanwhile share one look. */
    private synchronized CompletableFuture<Htpasswd> lookAgain() {
        CompletableFuture<Htpasswd> current = look;
        if (current == null || current.isDone()) {
            try {
                current = CompletableFuture.supplyAsync(this::look, looker);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.failedFuture(e);
            }
            look = current;
        }
        return current;
    }

    /** The file as it is now: nobody where it cannot be read. */
    private Htpasswd look() {
        Sight before = sight;
        Sight now;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            List<Object> stamp =
                    List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            Htpasswd users = before != null && before.stamp.equals(stamp) ? before.users : Htpasswd.read(file);
            now = new Sight(users, stamp, nanoTime.getAsLong());
        } catch (IOException e) {
            boolean news = before == null || !before.stamp.isEmpty();
            if (news) {
                LOG.warn("the credentials in {} cannot be read, so nobody is let in: {}", file, e.toString());
            }
            now = new Sight(Htpasswd.NOBODY, List.of(), nanoTime.getAsLong());
        }
        sight = now;
        return now.users;
    }

    private boolean remembered(String user, String hash, byte[] digest) {
        Verified before;
        synchronized (verified) {
            before = verified.get(user);
        }
        return before != null && before.hash.equals(hash) && MessageDigest.isEqual(before.digest, digest);
    }

    private void remember(String user, Verified right) {
        synchronized (verified) {
            verified.put(user, right);
            if (verified.size() > REMEMBERED) {
                verified.remove(verified.keySet().iterator().next());
            }
        }
    }

    private byte[] digest(String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(password.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Of nothing that anybody knows: who asks for an unknown user waits as long as who asks for a known one. */
    private static final class Decoy {
        static final String HASH = BCrypt.hashpw(Long.toString(new SecureRandom().nextLong()), BCrypt.gensalt());
    }

    /** The file as it was seen last. */
    private record Sight(Htpasswd users, List<Object> stamp, long seenAt) {}

    /** A password that was right, under the hash that it was right for. */
    @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest
    private record Verified(String hash, byte[] digest) {}
}
