package dev.portway.config;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys an object of the file may have, and the keys of the objects below them. Immutable once built. */
final class Keys {

    /** For the sections whose keys are Dropwizard's own. */
    static final Keys ANY = new Keys();

    private final Map<String, @Nullable Keys> known = new LinkedHashMap<>();
    private final Set<String> lists = new HashSet<>();
    private Set<String> unsupported = Set.of();

    private Keys() {}

    static Keys of(String... names) {
        Keys keys = new Keys();
        for (String name : names) {
            keys.known.put(name, null);
        }
        return keys;
    }

    /** These keys and those. */
    Keys and(Collection<String> names) {
        names.forEach(name -> known.put(name, null));
        return this;
    }

    /** These keys, with the ones below {@code name} known too. */
    Keys with(String name, Keys below) {
        known.put(name, below);
        return this;
    }

    /** These keys, with the ones known too that stand in each item below {@code name}. */
    Keys withEach(String name, Keys below) {
        lists.add(name);
        return with(name, below);
    }

    /** These keys, and some that the documentation names and this version does not have. */
    Keys without(Set<String> names) {
        unsupported = names;
        return this;
    }

    boolean contains(String name) {
        return known.containsKey(name);
    }

    boolean unsupported(String name) {
        return unsupported.contains(name);
    }

    Collection<String> names() {
        return known.keySet();
    }

    /** The keys below a name; null where there is no object, or one whose keys are free. */
    @Nullable
    Keys below(String name) {
        return known.get(name);
    }

    /** The shortest way down from here to a key of this name, such as {@code timeouts/connect}; null if there is none. */
    @Nullable
    String wayTo(String name) {
        record Step(String way, Keys keys) {}
        ArrayDeque<Step> steps = new ArrayDeque<>(List.of(new Step("", this)));
        while (!steps.isEmpty()) {
            Step step = steps.remove();
            if (step.keys.contains(name)) {
                return step.way + name;
            }
            for (Map.Entry<String, @Nullable Keys> entry : step.keys.known.entrySet()) {
                Keys below = entry.getValue();
                if (below != null) {
                    String item = step.keys.lists.contains(entry.getKey()) ? "/N/" : "/";
                    steps.add(new Step(step.way + entry.getKey() + item, below));
                }
            }
        }
        return null;
    }
}
