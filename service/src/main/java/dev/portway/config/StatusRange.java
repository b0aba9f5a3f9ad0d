package dev.portway.config;

/** An inclusive range of statuses, written {@code "200-399"} or {@code 204}. Immutable. */
public record StatusRange(int from, int to) {

    public boolean contains(int status) {
        return from <= status && status <= to;
    }

    static StatusRange read(Cursor at) throws InvalidValueException {
        String expected = "a status or a range of them in 100..599, such as 204 or \"200-399\"";
        String text = at.isNumber() ? at.node().asText() : at.text("a status or a range of them", expected);
        int dash = text.indexOf('-');
        int from = status(dash < 0 ? text : text.substring(0, dash));
        int to = dash < 0 ? from : status(text.substring(dash + 1));
        if (from < 0 || to < from) {
            throw new InvalidValueException("is not a status or a range of them", expected);
        }
        return new StatusRange(from, to);
    }

    private static int status(String text) {
        int status = Ascii.isDigits(text) && text.length() == 3 ? Integer.parseInt(text) : -1;
        return status >= 100 && status <= 599 ? status : -1;
    }

    @Override
    public String toString() {
        return from == to ? String.valueOf(from) : from + "-" + to;
    }
}
