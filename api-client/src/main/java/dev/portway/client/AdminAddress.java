package dev.portway.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Reads the address of an admin listener as people write it. */
final class AdminAddress {

    private AdminAddress() {}

    /**
     * An address without a path and without a slash at its end.
     *
     * @param name of the setting, for people
     * @throws IllegalArgumentException if {@code address} is none; the message does not repeat what may be a secret in it
     */
    static URI parse(String name, String address) {
        String written = address.contains("://") ? address : "http://" + address;
        if (written.contains("@")) {
            throw refused(name, "has a user or a password in it");
        }
        URI uri;
        try {
            uri = new URI(written);
        } catch (URISyntaxException e) {
            throw refused(name, "is no URL: " + address);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused(name, "is neither http nor https: " + address);
        }
        if (uri.getHost() == null || !(path.isEmpty() || path.equals("/")) || uri.getPort() > 65_535) {
            throw refused(name, "is no address of a listener: " + address);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(name, "has more than a host and a port");
        }
        return URI.create(scheme + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
    }

    private static IllegalArgumentException refused(String name, String why) {
        return new IllegalArgumentException(name + " " + why
                + " (expected: such as http://localhost:8081; a token goes into PORTWAY_TOKEN, not into the address)");
    }
}
