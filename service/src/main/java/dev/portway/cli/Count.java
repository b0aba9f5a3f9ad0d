package dev.portway.cli;

/** A number with its noun. */
final class Count {

    private Count() {}

    /** {@code 1 route}, {@code 3 routes}. */
    static String of(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
