package dev.portway.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What answers where no route matches; the file's {@code default}. Immutable.
 *
 * @param target where such requests go; null for 404
 * @param errorPages a status ({@code 502}) or class ({@code 5xx}) to the file whose content replaces the body of the
 *     proxy's own errors; absolute, resolved against the configuration file's folder
 */
public record DefaultRouteConfig(@Nullable TargetConfig target, Map<String, Path> errorPages) {

    public DefaultRouteConfig {
        errorPages = Map.copyOf(errorPages);
    }
}
