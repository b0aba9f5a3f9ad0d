package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backends in use, by identity, counted by the tables that use them. Thread-safe. */
public final class BackendPool {

    private static final Logger LOG = LoggerFactory.getLogger(BackendPool.class);
    private static final int KEY_BYTES = 32;
    private static final int MOST_REMEMBERED = 1_000;
    private static final Comparator<Backend> ORDER =
            Comparator.<Backend>comparingInt(backend -> backend.id().length()).thenComparing(backend -> backend.id());

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final AtomicLong changes = new AtomicLong();
    private final Map<Backend.Identity, Entry> entries =
            new LinkedHashMap<>(); // in the order in which they came; guarded by this
    private final Set<String> ids = new HashSet<>(); // of the entries; guarded by this
    private final Map<Backend.Identity, Backend> outOfUse =
            new LinkedHashMap<>(); // and not forgotten, by place; guarded by this
    private byte @Nullable [] ownKey; // guarded by this

    public BackendPool(InstantSource clock) {
        this(clock, System::nanoTime);
    }

    /** @param nanoTime a clock that never runs backwards */
    BackendPool(InstantSource clock, LongSupplier nanoTime) {
        this.clock = requireNonNull(clock, "clock");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /** The backend of this identity, made if it is new; to be given back by {@link #release}. */
    public synchronized Backend retain(Backend.Identity identity) {
        Entry entry = entries.get(identity);
        if (entry == null) {
            Backend backend = new Backend(this, identity, freeId(identity.label()), clock.instant());
            Backend remembered = outOfUse.remove(identity.place());
            Backend inUse = at(identity.place());
            Backend before = inUse == null ? remembered : inUse;
            if (before != null) {
                backend.succeed(before);
            }
            entry = new Entry(backend);
            entries.put(identity, entry);
            ids.add(entry.backend.id());
            if (remembered != null) {
                remembered.succeededBy(backend);
            }
        }
        entry.users++;
        return entry.backend;
    }

    /**
     * Gives back what {@link #retain} gave; a backend nobody uses any more is forgotten, and its name goes to the next one at
     * the same place. What lasts there goes to the one that came last, which an edit has put in its place (of two routes
     * edited at once at one place, that may be the other's). Where there is none, that and what a person set by the admin API
     * is kept for one that may come: a name's address that is not always among the answers, a route that is registered anew.
     */
    public synchronized void release(Backend backend) {
        Entry entry = entries.get(backend.identity());
        if (entry == null || entry.backend != backend) {
            throw new IllegalStateException("backend: " + backend + " (expected: one retained and not yet released)");
        }
        if (--entry.users == 0) {
            entries.remove(backend.identity());
            ids.remove(backend.id());
            Backend next = at(backend.identity().place());
            Backend last = lastAt(backend.identity().place());
            if (last != null) {
                backend.succeededBy(last);
            } else if (backend.setByHand() || backend.lasts()) {
                remember(backend);
            }
            if (next != null && backend.id().equals(backend.identity().label())) {
                ids.remove(next.id());
                next.id(backend.id());
                ids.add(next.id());
            }
        }
    }

    private void remember(Backend backend) {
        outOfUse.values().removeIf(known -> !known.setByHand() && !known.lasts());
        outOfUse.put(backend.identity().place(), backend);
        if (outOfUse.size() > MOST_REMEMBERED) {
            outOfUse.remove(eldestOutOfUse());
        }
    }

    /** What a person set is kept longest. */
    private Backend.Identity eldestOutOfUse() {
        for (Map.Entry<Backend.Identity, Backend> each : outOfUse.entrySet()) {
            if (!each.getValue().setByHand()) {
                return each.getKey();
            }
        }
        return outOfUse.keySet().iterator().next();
    }

    /** The one at this place whose name is the shortest, hence the first; null where there is none. */
    private @Nullable Backend at(Backend.Identity place) {
        Backend first = null;
        for (Entry entry : entries.values()) {
            Backend backend = entry.backend;
            boolean sooner = first == null || ORDER.compare(backend, first) < 0;
            if (sooner && backend.identity().place().equals(place)) {
                first = backend;
            }
        }
        return first;
    }

    /** The one at this place that came last; null where there is none. */
    private @Nullable Backend lastAt(Backend.Identity place) {
        Backend last = null;
        for (Entry entry : entries.values()) {
            if (entry.backend.identity().place().equals(place)) {
                last = entry.backend;
            }
        }
        return last;
    }

    /** A key that no other process has, made when it is first asked for; to sign with where people give none. */
    public synchronized byte[] ownKey() {
        if (ownKey == null) {
            ownKey = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(ownKey);
            LOG.info(
                    "sticky sessions without a \"secret\" are signed with a key of this process, and end when it does");
        }
        return ownKey.clone();
    }

    /** Those in use now, in no order. */
    public synchronized List<Backend> backends() {
        List<Backend> backends = new ArrayList<>(entries.size());
        for (Entry entry : entries.values()) {
            backends.add(entry.backend);
        }
        return backends;
    }

    /** Grows whenever a backend of this pool may have begun or ceased to take requests. */
    long changes() {
        return changes.get();
    }

    /** To be called after what changed can be read. */
    void changed() {
        changes.incrementAndGet();
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    Instant now() {
        return clock.instant();
    }

    /** The authority; with a number behind it where the same address is in use under another scheme, check or trust. */
    private String freeId(String authority) {
        String id = authority;
        for (int n = 2; ids.contains(id); n++) {
            id = authority + "~" + n;
        }
        return id;
    }

    private static final class Entry {
        final Backend backend;
        int users;

        Entry(Backend backend) {
            this.backend = backend;
        }
    }
}
