package dev.portway;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has every test that waits look soon and often: after 5 ms, and after ever longer pauses up to 50 ms. By itself Awaitility
 * looks each 100 ms, and first after as long, which a thousand short waits pay for. Found by JUnit itself, for all classes.
 */
public final class QuickPolls implements BeforeAllCallback {

    private static final int STEP_MILLIS = 5;
    private static final int LONGEST_MILLIS = 50;

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultPollInterval(
                (count, previous) -> Duration.ofMillis(Math.min(count * STEP_MILLIS, LONGEST_MILLIS)));
    }
}
