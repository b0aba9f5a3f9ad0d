package dev.portway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SmallWritesTest {

    private final SmallWrites writes = new SmallWrites();

    /** As if the system took at most {@code taken} bytes at a time. */
    @Property(tries = 300)
    void handOverEachByteOnceAndInOrder(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(max = 300) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 700) int taken) {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteBuffer[] buffers = new ByteBuffer[sizes.size()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = filled(i, sizes.get(i), expected);
        }

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        boolean more = true;
        while (more) {
            ByteBuffer joined = writes.join(buffers);
            assertThat(joined).isNotNull();
            int size = Math.min(taken, joined.remaining());
            for (int i = 0; i < size; i++) {
                written.write(joined.get());
            }
            more = joined.hasRemaining();
            SmallWrites.take(size, buffers);
        }

        assertThat(written.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(buffers).noneMatch(ByteBuffer::hasRemaining);
    }

    @Test
    void leaveWhatIsLargeToAList() {
        ByteBuffer[] buffers = {ByteBuffer.allocate(100), ByteBuffer.allocate(100_000)};

        assertThat(writes.join(buffers)).isNull();

        assertThat(buffers[0].remaining()).isEqualTo(100);
        assertThat(buffers[1].remaining()).isEqualTo(100_000);
    }

    @Test
    void takeOneBufferAsItIs() {
        ByteBuffer large = ByteBuffer.allocate(100_000);

        assertThat(writes.join(large)).isSameAs(large);
    }

    /** Of each kind there is, with bytes around it that are nobody's business here. */
    private static ByteBuffer filled(int kind, int size, ByteArrayOutputStream expected) {
        ByteBuffer buffer = kind % 2 == 0 ? ByteBuffer.allocateDirect(size + 20) : ByteBuffer.allocate(size + 20);
        for (int i = 0; i < buffer.capacity(); i++) {
            byte value = (byte) (31 * kind + i);
            buffer.put(value);
            if (i >= 10 && i < 10 + size) {
                expected.write(value);
            }
        }
        buffer.position(10).limit(10 + size);
        return kind % 3 == 0 ? buffer.asReadOnlyBuffer() : buffer;
    }
}
