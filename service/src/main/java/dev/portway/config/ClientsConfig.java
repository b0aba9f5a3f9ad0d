package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.util.List;

/**
 * From where requests may come; the {@code clients} of a route or of {@code security}. Immutable.
 *
 * @param allow blocks of addresses that are let in; empty for all that {@code deny} does not name
 * @param deny blocks of addresses that are kept out, whatever {@code allow} says
 */
public record ClientsConfig(List<Cidr> allow, List<Cidr> deny) {

    public ClientsConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    static final Keys KEYS = Keys.of("allow", "deny");

    private static final String EXPECTED = "a list such as [\"10.0.0.0/8\", \"::1\"]";

    static ClientsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        if (!in.has("allow") && !in.has("deny")) {
            throw new InvalidValueException("names nobody", "\"allow\" or \"deny\", or false for no such rule");
        }
        return new ClientsConfig(
                in.get("allow", List.of(), blocks -> blocks.filledList(Cidr::read, EXPECTED)),
                in.get("deny", List.of(), blocks -> blocks.filledList(Cidr::read, EXPECTED)));
    }

    /** Whether a client at {@code address} may come in. */
    public boolean letsIn(InetAddress address) {
        return !within(deny, address) && (allow.isEmpty() || within(allow, address));
    }

    private static boolean within(List<Cidr> blocks, InetAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        allow.forEach(block -> json.withArray("allow").add(block.toString()));
        deny.forEach(block -> json.withArray("deny").add(block.toString()));
        return json;
    }
}
