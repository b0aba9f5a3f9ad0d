package dev.portway.upstream;

/**
 * The time within which 95 of 100 answers begin, lately: a time that is longer moves it up by a step, one that is not moves it
 * down by a nineteenth of that, so that it comes to rest where one of twenty is longer (decision 124). Thread-safe; takes no lock
 * and allocates nothing.
 */
public final class Percentile {

    private static final double RANK = 0.95;

    /** Of what it is; about 400 times later it has forgotten what was. */
    private static final double STEP = 0.05;

    /** Until so many are known, steps are longer, and nobody is told. */
    private static final int ENOUGH = 100;

    private volatile double nanos; // written by record(), a lost race loses one time
    private volatile int known; // likewise; up to ENOUGH

    Percentile() {}

    /** Takes note of a time. */
    public void record(long time) {
        int before = known;
        double step = STEP;
        if (before < ENOUGH) {
            known = before + 1;
            step = Math.max(STEP, 1 - (double) before / ENOUGH);
        }
        double known95 = nanos;
        double now =
                known95 == 0 ? Math.max(1, time) : known95; // 0 as well where another thread's first is still to come
        nanos = time > now ? now * (1 + step * RANK) : Math.max(1, now * (1 - step * (1 - RANK)));
    }

    /** In nanoseconds; 0 while too few are known. */
    public long nanos() {
        return known < ENOUGH ? 0 : (long) nanos;
    }
}
