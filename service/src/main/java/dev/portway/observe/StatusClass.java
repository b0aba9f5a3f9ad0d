package dev.portway.observe;

/** The first digit of a status. */
enum StatusClass {
    INFORMATIONAL("1xx"),
    SUCCESS("2xx"),
    REDIRECTION("3xx"),
    CLIENT_ERROR("4xx"),
    SERVER_ERROR("5xx"),
    /** A status no RFC knows, such as 999, which a backend may send all the same. */
    OTHER("other");

    private static final StatusClass[] VALUES = values();

    private final String label;

    StatusClass(String label) {
        this.label = label;
    }

    /** As in metric names: {@code 2xx}. */
    String label() {
        return label;
    }

    static StatusClass of(int status) {
        int digit = status / 100;
        return digit >= 1 && digit <= 5 ? VALUES[digit - 1] : OTHER;
    }
}
