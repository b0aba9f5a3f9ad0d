package dev.portway.policy.cors;

import dev.portway.config.CorsConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The origins that a rule lets in. Immutable. */
final class Origins {

    private final boolean any;
    private final Set<String> exact = new HashSet<>();
    private final List<Below> below = new ArrayList<>();

    /** @param written as {@link CorsConfig} has them */
    Origins(List<String> written) {
        this.any = written.contains(CorsConfig.ANY);
        for (String origin : written) {
            int wildcard = origin.indexOf("://*.");
            if (wildcard < 0) {
                exact.add(origin);
            } else {
                below.add(new Below(origin.substring(0, wildcard + 3), origin.substring(wildcard + 4)));
            }
        }
    }

    boolean any() {
        return any;
    }

    /** Whether {@code origin} is one of them, byte for byte, as browsers write origins. */
    boolean contain(String origin) {
        if (any || exact.contains(origin)) {
            return true;
        }
        for (Below domain : below) {
            if (domain.contains(origin)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Every host below a domain.
     *
     * @param scheme with its colon and slashes
     * @param suffix with its dot, and the port if there is one
     */
    private record Below(String scheme, String suffix) {

        boolean contains(String origin) {
            int end = origin.length() - suffix.length();
            if (end <= scheme.length() || !origin.startsWith(scheme) || !origin.endsWith(suffix)) {
                return false;
            }
            // What the star stands for is a name: no port, user or path can hide in it.
            for (int i = scheme.length(); i < end; i++) {
                char c = origin.charAt(i);
                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.')) {
                    return false;
                }
            }
            return true;
        }
    }
}
