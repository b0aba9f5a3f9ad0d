package dev.portway.config;

/** What a target is whose name has several addresses. */
public enum Resolve {
    /** One backend, at whichever address answers. The default. */
    ONE,
    /** A backend at each address, which come and go with them. */
    ALL;

    static Resolve read(Cursor at) throws InvalidValueException {
        String expected = "one or all";
        return switch (at.text("a way to resolve", expected)) {
            case "one" -> ONE;
            case "all" -> ALL;
            default -> throw new InvalidValueException("is not a way to resolve", expected);
        };
    }
}
