package dev.portway;

/** Probe. */
public final class ProxyApplication {
    private ProxyApplication() {}

    /** Probe. */
    public static void main(String[] args) {
        System.out.println("x");
    }
}
