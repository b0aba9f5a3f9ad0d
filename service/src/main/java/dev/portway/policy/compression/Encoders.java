package dev.portway.policy.compression;

import static java.util.Objects.requireNonNull;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import dev.portway.config.CompressionConfig;
import dev.portway.config.CompressionConfig.Coding;
import dev.portway.config.RouteConfig;
import dev.portway.policy.Policy;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the rules that compress, and lends them encoders, in a number that bounds the memory they take together.
 * Thread-safe.
 */
public final class Encoders {

    private static final Logger LOG = LoggerFactory.getLogger(Encoders.class);

    /** At about half a MiB each. */
    static final int MAX_IN_USE = 256;

    private final AtomicInteger inUse = new AtomicInteger();
    private final Map<Coding, Boolean> available = new EnumMap<>(Coding.class); // of the thread that compiles

    /** The rule of {@code route}; null where its responses pass as they are. */
    public @Nullable Policy policyOf(RouteConfig route) {
        CompressionConfig rule = route.rules().compression();
        if (rule == null) {
            return null;
        }
        List<Coding> codings = rule.codings().stream()
                .filter(coding -> available.computeIfAbsent(coding, Encoders::load))
                .toList();
        return new CompressionPolicy(rule, codings, this);
    }

    /** Encoders that are lent at this moment. */
    public int inUse() {
        return inUse.get();
    }

    /** Loads what is not Java's before a request needs it, which must not wait for a disk. */
    private static boolean load(Coding coding) {
        Throwable fault = null;
        switch (coding) {
            case GZIP -> {}
            case ZSTD -> {
                try {
                    Native.load();
                } catch (LinkageError e) {
                    fault = e;
                }
            }
            case BROTLI -> fault = Brotli4jLoader.getUnavailabilityCause();
        }
        if (fault != null) {
            LOG.warn(
                    "responses are not compressed by {}, whose library does not load here: {}",
                    coding.written(),
                    fault.toString());
        }
        return fault == null;
    }

    /** An encoder that is given back by {@link Encoder#release}; null where too many are lent. */
    @Nullable
    Encoder lend(Coding coding) {
        if (inUse.incrementAndGet() > MAX_IN_USE) {
            inUse.decrementAndGet();
            return null;
        }
        boolean lent = false;
        try {
            Encoder encoder = new Lent(
                    switch (coding) {
                        case GZIP -> new GzipEncoder();
                        case ZSTD -> new ZstdEncoder();
                        case BROTLI -> new BrotliEncoder();
                    });
            lent = true;
            return encoder;
        } finally {
            if (!lent) {
                inUse.decrementAndGet(); // there was no memory for it
            }
        }
    }

    /** May be released by another thread than that which encodes, more than once, and while it encodes. */
    private final class Lent implements Encoder {
        private final Encoder encoder;
        private boolean released; // guarded by this

        Lent(Encoder encoder) {
            this.encoder = requireNonNull(encoder, "encoder");
        }

        @Override
        public synchronized ByteBuffer encode(ByteBuffer piece, boolean last) {
            if (released) {
                throw new IllegalStateException("the exchange has ended");
            }
            return encoder.encode(piece, last);
        }

        @Override
        public synchronized void release() {
            if (!released) {
                released = true;
                encoder.release();
                inUse.decrementAndGet();
            }
        }
    }
}
