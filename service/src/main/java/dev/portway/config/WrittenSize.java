package dev.portway.config;

/** Numbers of bytes as the file has them: a whole number and its unit. */
final class WrittenSize {

    private WrittenSize() {}

    /** A number of bytes in a range. */
    static int read(Cursor at, int min, int max) throws InvalidValueException {
        String range = written(min) + ".." + written(max);
        String expected = "a whole number and its unit B, KiB or MiB, " + range;
        String text = at.text("a size", expected);
        int digits = 0;
        while (digits < text.length() && Ascii.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits > 12) {
            throw new InvalidValueException("is not a size", expected);
        }
        long bytes = Long.parseLong(text.substring(0, digits)) * unit(text.substring(digits), expected);
        if (bytes < min || bytes > max) {
            throw new InvalidValueException("is out of range", range);
        }
        return (int) bytes;
    }

    private static int unit(String unit, String expected) throws InvalidValueException {
        return switch (unit) {
            case "B" -> 1;
            case "KiB" -> 1024;
            case "MiB" -> 1024 * 1024;
            case "" -> throw new InvalidValueException("has no unit", expected);
            default -> throw new InvalidValueException("is not a size", expected);
        };
    }

    /** As the file has it. */
    static String written(int bytes) {
        if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0) {
            return bytes / (1024 * 1024) + "MiB";
        }
        return bytes >= 1024 && bytes % 1024 == 0 ? bytes / 1024 + "KiB" : bytes + "B";
    }
}
