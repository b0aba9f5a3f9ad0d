package dev.portway.policy.filter;

import dev.portway.config.PathTrick;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds in a path, as the client sent it, what a route may not want there. */
final class PathTricks {

    private PathTricks() {}

    /** The first of {@code refused} that {@code raw} has in it; null for none. */
    static @Nullable PathTrick in(String raw, List<PathTrick> refused) {
        String path = raw.toLowerCase(Locale.ROOT);
        for (PathTrick trick : refused) {
            boolean found = switch (trick) {
                case DOT_SEGMENTS -> dotSegment(path);
                case DOUBLE_SLASHES -> path.contains("//");
                case ENCODED_SLASHES -> path.contains("%2f");
                case BACKSLASHES -> path.indexOf('\\') >= 0 || path.contains("%5c");
            };
            if (found) {
                return trick;
            }
        }
        return null;
    }

    private static boolean dotSegment(String path) {
        String read =
                path.replace("%2e", ".").replace("%2f", "/").replace("%5c", "/").replace('\\', '/');
        int begin = 0;
        for (int i = 0; i <= read.length(); i++) {
            if (i == read.length() || read.charAt(i) == '/') {
                String segment = read.substring(begin, i);
                int semicolon = segment.indexOf(';');
                String name = semicolon < 0 ? segment : segment.substring(0, semicolon);
                if (name.equals(".") || name.equals("..")) {
                    return true;
                }
                begin = i + 1;
            }
        }
        return false;
    }
}
