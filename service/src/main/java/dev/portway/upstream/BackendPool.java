package dev.portway.upstream;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The backends in use, by identity, counted by the tables that use them. Thread-safe. */
public final class BackendPool {

    private final InstantSource clock;
    private final Map<Backend.Identity, Entry> entries = new HashMap<>(); // guarded by this

    public BackendPool(InstantSource clock) {
        this.clock = clock;
    }

    /** The backend of this identity, made if it is new; to be given back by {@link #release}. */
    public synchronized Backend retain(Backend.Identity identity) {
        Entry entry = entries.computeIfAbsent(identity, this::newEntry);
        entry.users++;
        return entry.backend;
    }

    /** Gives back what {@link #retain} gave; a backend nobody uses any more is forgotten. */
    public synchronized void release(Backend backend) {
        Entry entry = entries.get(backend.identity());
        if (entry == null || entry.backend != backend) {
            throw new IllegalStateException("backend: " + backend + " (expected: one retained and not yet released)");
        }
        if (--entry.users == 0) {
            entries.remove(backend.identity());
        }
    }

    /** Those in use now, in no order. */
    public synchronized List<Backend> backends() {
        List<Backend> backends = new ArrayList<>(entries.size());
        for (Entry entry : entries.values()) {
            backends.add(entry.backend);
        }
        return backends;
    }

    private Entry newEntry(Backend.Identity identity) {
        return new Entry(new Backend(identity, idOf(identity), clock.instant()));
    }

    /** The authority; with a number behind it where the same address is in use under another scheme or check. */
    private String idOf(Backend.Identity identity) {
        String authority = identity.authority();
        String id = authority;
        for (int n = 2; taken(id); n++) {
            id = authority + "~" + n;
        }
        return id;
    }

    private boolean taken(String id) {
        return entries.values().stream().anyMatch(entry -> entry.backend.id().equals(id));
    }

    private static final class Entry {
        final Backend backend;
        int users;

        Entry(Backend backend) {
            this.backend = backend;
        }
    }
}
