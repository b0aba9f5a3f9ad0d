package dev.portway.upstream;

import org.jspecify.annotations.Nullable;

/** What of a request may decide which target it goes to. */
public interface Selection {

    /** Who sent it, as far as that can be believed. */
    String clientAddress();

    /** Normalised. */
    String path();

    /** The first field of this name, in any case; null if there is none. */
    @Nullable
    String header(String name);

    /** The value of the first cookie of this name; null if there is none. */
    @Nullable
    String cookie(String name);

    /** Whether it has been sent to this backend already, in vain. */
    boolean tried(Backend backend);
}
