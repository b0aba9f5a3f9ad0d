package dev.portway.routing;

import dev.portway.config.TargetUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code Host} that a target is sent, by the contract's rule. */
final class HostHeader {

    private static final String PRESERVE = "preserve";
    private static final String TARGET = "target";

    /** Names that no public server answers to: RFC 6761, RFC 6762 with its appendix G, RFC 8375, and ICANN's internal. */
    private static final List<String> LOCAL_DOMAINS = List.of(
            "localhost", "local", "test", "internal", "home.arpa", "lan", "home", "intranet", "private", "corp");

    private HostHeader() {}

    /**
     * What to send instead of the client's own.
     *
     * @param written a route's {@code hostHeader}
     * @return null to preserve the client's
     */
    static @Nullable String of(@Nullable String written, TargetUrl url) {
        if (written == null) {
            return url.local() || (url.secure() && publicName(url.host())) ? targetForm(url) : null;
        }
        return switch (written) {
            case PRESERVE -> null;
            case TARGET -> targetForm(url);
            default -> written;
        };
    }

    /** The target's host, with its port unless it is the scheme's own. */
    private static String targetForm(TargetUrl url) {
        if (url.local()) {
            return "localhost"; // a path is no host, and the socket is on this machine
        }
        String authority = url.authority();
        int ownPort = url.secure() ? 443 : 80;
        return url.port() == ownPort ? authority.substring(0, authority.lastIndexOf(':')) : authority;
    }

    /** Whether a name may be one of the public DNS: it has a dot, and is neither an address nor below a local domain. */
    private static boolean publicName(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        int lastDot = name.lastIndexOf('.');
        boolean address =
                name.indexOf(':') >= 0 || name.substring(lastDot + 1).chars().allMatch(Character::isDigit);
        if (lastDot < 0 || address) {
            return false;
        }
        return LOCAL_DOMAINS.stream().noneMatch(domain -> name.endsWith("." + domain));
    }
}
