package dev.portway.observe;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** The first digit of a status. */
enum StatusClass {
    INFORMATIONAL("1xx"),
    SUCCESS("2xx"),
    REDIRECTION("3xx"),
    CLIENT_ERROR("4xx"),
    SERVER_ERROR("5xx"),
    /** A status no RFC knows, such as 999, which a backend may send all the same. */
    OTHER("other");

    private final String label;

    StatusClass(String label) {
        this.label = label;
    }

    /** As in metric names: {@code 2xx}. */
    String label() {
        return label;
    }

    static StatusClass of(int status) {
        return switch (status / 100) {
            case 1 -> INFORMATIONAL;
            case 2 -> SUCCESS;
            case 3 -> REDIRECTION;
            case 4 -> CLIENT_ERROR;
            case 5 -> SERVER_ERROR;
            default -> OTHER;
        };
    }

    /** A total map, to be read by any thread. */
    static <V> Map<StatusClass, V> map(Function<StatusClass, V> value) {
        Map<StatusClass, V> map = new EnumMap<>(StatusClass.class);
        for (StatusClass status : values()) {
            map.put(status, value.apply(status));
        }
        return map;
    }
}
