package dev.portway.client;

/**
 * Is told how a lease does. Called by threads of the client, one call at a time for each lease; what it does should not
 * wait.
 */
@FunctionalInterface
public interface LeaseListener {

    /**
     * Renewing did not work, for the first time since it last did. The client goes on trying; {@link Lease#alive()} says
     * whether the proxy still has the route meanwhile.
     *
     * @param failure what to tell a person
     */
    void failed(Lease lease, PortwayException failure);

    /** The proxy has the route again after {@link #failed} was called. Does nothing unless overridden. */
    default void restored(Lease lease) {}
}
