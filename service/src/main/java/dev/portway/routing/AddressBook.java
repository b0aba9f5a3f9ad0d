package dev.portway.routing;

import java.util.List;

/** Knows the addresses of the names whose targets stand for each of them ({@code "resolve": "all"}). Thread-safe. */
public interface AddressBook {

    /** One that knows no name. */
    AddressBook EMPTY = host -> List.of();

    /**
     * The addresses of a name that are known by now, in an order of their own; returns at once.
     *
     * @return as a {@link dev.portway.config.TargetUrl} has them; empty while none is known
     */
    List<String> addressesOf(String host);
}
