package dev.portway.routing;

/** Told of every new table, after it is published, in order, under the registry's lock: must return at once. */
public interface RouteTableListener {

    void tableChanged(RouteTable table);
}
