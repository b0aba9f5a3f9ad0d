package dev.portway.exchange;

/** What a rule changes in a request on its way to the backend; done anew for each attempt. */
@FunctionalInterface
public interface RequestEdit {

    /** Changes {@code request}, which is what the backend would get. */
    void edit(ProxyExchange exchange, OutgoingRequest request);
}
