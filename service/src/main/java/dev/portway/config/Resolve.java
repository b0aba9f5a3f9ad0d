package dev.portway.config;

/** What a target's name stands for. */
public enum Resolve {
    /** One backend, at whichever of its addresses answers. The default. */
    ONE,
    /** A backend at each address, which come and go with them. */
    ALL,
    /** A backend for each of its SRV records (RFC 2782), which come and go with them. */
    SRV;

    /** Whether it may stand for more than one backend. */
    public boolean several() {
        return this != ONE;
    }

    static Resolve read(Cursor at) throws InvalidValueException {
        String expected = "one, all or srv";
        return switch (at.text("a way to resolve", expected)) {
            case "one" -> ONE;
            case "all" -> ALL;
            case "srv" -> SRV;
            default -> throw new InvalidValueException("is not a way to resolve", expected);
        };
    }
}
