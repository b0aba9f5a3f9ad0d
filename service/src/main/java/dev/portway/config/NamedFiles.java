package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which files what is read may name. Whoever writes the configuration file may name any; who sends a route or a configuration
 * by the admin API may not, since the proxy would publish them, check passwords against them, or say whether they are there.
 * Immutable.
 */
public final class NamedFiles {

    /** What becomes of a key that names a file. */
    enum Leave {
        GRANTED,
        REFUSED,
        /** The file is not looked at, which is no error. */
        PASSED_OVER
    }

    /** Any: what is read is the author's. */
    public static final NamedFiles ANY = new NamedFiles(Leave.GRANTED, List.of(), Set.of());

    /** None at all. */
    public static final NamedFiles NONE = new NamedFiles(Leave.REFUSED, List.of(""), Set.of());

    private static final Pattern PLACE = Pattern.compile("^.*/[0-9]+(?![^/])");

    private final Leave others;
    private final List<String> within; // pointers; outside of them there are no questions
    private final Set<String> known; // keys and names

    private NamedFiles(Leave others, List<String> within, Set<String> known) {
        this.others = requireNonNull(others, "others");
        this.within = List.copyOf(within);
        this.known = Set.copyOf(known);
    }

    /**
     * In these routes those alone that a route names already, under the same key; elsewhere any.
     *
     * @param routes pointers of the routes that are sent
     * @param before the route as it is, placeholders replaced; a missing node for none
     */
    public static NamedFiles kept(List<String> routes, JsonNode before) {
        return new NamedFiles(Leave.REFUSED, routes, names(before));
    }

    /** Of those that {@code inForce} does not name under the same key, nothing is said. */
    public static NamedFiles known(JsonNode inForce) {
        return new NamedFiles(Leave.PASSED_OVER, List.of(""), names(inForce));
    }

    Leave leave(String pointer, String name) {
        for (String route : within) {
            if (route.isEmpty() || pointer.startsWith(route + "/")) {
                return known.contains(entry(pointer.substring(route.length()), name)) ? Leave.GRANTED : others;
            }
        }
        return Leave.GRANTED;
    }

    private static Set<String> names(JsonNode tree) {
        Set<String> names = new HashSet<>();
        collect(tree, "", names);
        return names;
    }

    private static void collect(JsonNode node, String pointer, Set<String> names) {
        if (node.isTextual()) {
            names.add(entry(pointer, node.textValue()));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), pointer + "/" + i, names);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            collect(member.getValue(), Reading.pointer(pointer, member.getKey()), names);
        }
    }

    /** A key without its place in a list, which changes when an item before it goes. */
    private static String entry(String pointer, String name) {
        return PLACE.matcher(pointer).replaceFirst("") + "\n" + name;
    }
}
