package dev.portway.config;

import java.nio.file.Path;

/** The process that {@link RouteStoreKillTest} kills: saves by turns a long file and a longer one, as fast as it can. */
final class KilledWriter {

    private KilledWriter() {}

    /**
     * Takes the file, and {@code in-place} where it is not to be moved over. Waits for a byte on standard input, and says on
     * standard output that it began.
     */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        FileReplacer replacer = args[1].equals("in-place") ? new RouteStoreTest.NoAtomicMove() : new FileReplacer();
        RouteStore store = new RouteStore(file, new ConfigReader(name -> null), replacer);
        JsonText.parses(text(0)); // loads what it takes
        if (System.in.read() < 0) {
            return;
        }
        store.recover();
        ConfigDocument now = RouteStoreTest.document(store.text());
        System.out.println("writing");
        for (int i = 0; ; i++) {
            ConfigDocument next = RouteStoreTest.document(text(i));
            if (!store.save(now, next)) {
                throw new IllegalStateException("somebody else wrote");
            }
            now = next;
        }
    }

    /** Several pages long, of another length each time, so that two of them cannot be mixed into valid JSON. */
    static String text(int i) {
        String item = "\"" + (i % 2 == 0 ? "even" : "not-even").repeat(20) + i + "\"";
        return "[" + (item + ",").repeat(i % 7 * 100) + item + "]";
    }
}
