package dev.portway.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopBuffersTest {

    private final RunningLoops running = new RunningLoops();
    private final LoopBuffers pool = new LoopBuffers();

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @Test
    void giveALoopBackWhatItReleasedLast() throws Exception {
        boolean same = running.run(() -> {
            RetainableByteBuffer first = pool.acquire(5_000, true);
            BufferUtil.append(first.getByteBuffer(), "something".getBytes(US_ASCII));
            first.release();
            RetainableByteBuffer second = pool.acquire(4_097, true);
            assertThat(second.hasRemaining()).isFalse();
            assertThat(second.capacity()).isEqualTo(8192);
            second.release();
            return first == second;
        });

        assertThat(same).isTrue();
        assertThat(pool.inUse()).isZero();
    }

    @Test
    void areInUseUntilTheLastOfTheirOwnersReleasesThem() throws Exception {
        RetainableByteBuffer shared = running.run(() -> {
            RetainableByteBuffer buffer = pool.acquire(100, true);
            buffer.retain();
            buffer.release();
            return buffer;
        });
        assertThat(pool.inUse()).isEqualTo(1);

        shared.release(); // by another thread than the loop's

        assertThat(pool.inUse()).isZero();
        assertThat(running.run(() -> {
                    RetainableByteBuffer next = pool.acquire(100, true);
                    next.release();
                    return next;
                }))
                .isNotSameAs(shared);
    }

    @Test
    void keepNoMoreThanAMebibyteForALoop() throws Exception {
        List<RetainableByteBuffer> once = running.run(() -> {
            List<RetainableByteBuffer> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(pool.acquire(64 * 1024, true));
            }
            assertThat(pool.inUse()).isEqualTo(100);
            many.forEach(RetainableByteBuffer::release);
            return many;
        });

        assertThat(pool.inUse()).isZero();
        List<RetainableByteBuffer> again = running.run(() -> {
            List<RetainableByteBuffer> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(pool.acquire(64 * 1024, true));
            }
            many.forEach(RetainableByteBuffer::release);
            return many;
        });
        assertThat(again).filteredOn(once::contains).hasSize(16);
    }
}
