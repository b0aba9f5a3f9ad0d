package dev.portway.upstream;

/** What goes on at a backend by itself, for hours maybe: a tunnel, a stream of events. Told by any thread, maybe twice. */
public interface Lasting {

    /** Of the route by which it came there. */
    String routeId();

    /** Its backend has been set down: it is to end. */
    void takenDown();
}
