package dev.portway.config;

/** Whether a target takes requests, as a person decided it (not as its health has it). */
public enum TargetState {
    /** Takes requests. */
    UP,
    /** Takes no new requests; those in flight finish. */
    DRAIN,
    /** Takes no requests. */
    DOWN;

    static TargetState read(Cursor at) throws InvalidValueException {
        String expected = "up, drain or down";
        return switch (at.text("a state", expected)) {
            case "up" -> UP;
            case "drain" -> DRAIN;
            case "down" -> DOWN;
            default -> throw new InvalidValueException("is not a state", expected);
        };
    }
}
