package dev.portway.observe;

/**
 * Answers sent since the start, by the first digit of their status. Immutable.
 *
 * @param other statuses below 100 and from 600 on
 * @param inFlight requests not yet answered whole
 */
public record TrafficTotals(
        long informational,
        long success,
        long redirection,
        long clientError,
        long serverError,
        long other,
        long inFlight) {

    /** All answers. */
    public long answers() {
        return informational + success + redirection + clientError + serverError + other;
    }
}
