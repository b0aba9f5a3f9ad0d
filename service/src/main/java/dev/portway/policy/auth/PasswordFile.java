package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Checks names and passwords against an htpasswd file, which is read again when it changed. Checking a bcrypt hash is slow
 * on purpose, so other threads do it, and what was right is remembered for as long as the file says so: not the password,
 * but a digest of it under a key that this process alone has. Thread-safe.
 */
public final class PasswordFile {

    private static final int REMEMBERED = 1024;

    private final WatchedFile<Htpasswd> users;
    private final SecretKeySpec key;
    private final Map<String, Verified> verified = new LinkedHashMap<>(); // by user; guarded by itself

    /**
     * A file that is not read yet.
     *
     * @param looker where the file is read, one task at a time: not where passwords are checked, behind which those would
     *     wait whose password is known already
     */
    public PasswordFile(Path file, Executor looker) {
        this.users = new WatchedFile<>(file, Htpasswd::read, Htpasswd.NOBODY, looker, System::nanoTime);
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** Which file it is. */
    public Path file() {
        return users.file();
    }

    /**
     * Whether {@code password} is that of {@code user}. Known at once where it was checked before; else a worker completes
     * the future, or it fails with {@link RejectedExecutionException} where too many wait already.
     *
     * @param workers where passwords are checked; may reject
     */
    public CompletableFuture<Boolean> accepts(String user, String password, Executor workers) {
        return users.content().thenCompose(known -> accepts(known, user, password, workers));
    }

    /** Whether {@link #accepts} failed because too many wait. */
    public static boolean tooMany(Throwable failure) {
        return failure instanceof RejectedExecutionException
                || failure.getCause() instanceof RejectedExecutionException;
    }

    private CompletableFuture<Boolean> accepts(Htpasswd known, String user, String password, Executor workers) {
        String hash = known.hashOf(user);
        byte[] digest = digest(password);
        if (hash != null && remembered(user, hash, digest)) {
            return CompletableFuture.completedFuture(true);
        }
        try {
            return hash == null
                    ? CompletableFuture.supplyAsync(() -> refuse(password, known.decoy()), workers)
                    : CompletableFuture.supplyAsync(() -> check(user, password, hash, digest), workers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Who asks for an unknown user waits as long as who asks for a known one. */
    private static boolean refuse(String password, String decoy) {
        BCrypt.checkpw(password.getBytes(UTF_8), decoy);
        return false;
    }

    private boolean check(String user, String password, String hash, byte[] digest) {
        boolean right = remembered(user, hash, digest) || BCrypt.checkpw(password.getBytes(UTF_8), hash);
        if (right) {
            remember(user, new Verified(hash, digest));
        }
        return right;
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

    /** A password that was right, under the hash that it was right for. */
    @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest
    private record Verified(String hash, byte[] digest) {}
}
