package dev.portway.transport;

import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread and the connections it owns: clients', and those to backends that their requests open. What happens to an
 * exchange happens on its loop, so that it is never in two threads' hands. Thread-safe.
 *
 * <p>The thread goes round: it takes up each connection that is ready, one turn each, then what is for later, then writes what
 * was written last, and waits.
 * A turn ends when its connection has nothing more to do; whoever has much to do ends it himself by {@link #later}.
 */
public final class EventLoop extends ManagedSelector implements Executor, LoopTag {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    /** How many tasks that tasks have begotten run in one turn; those beyond wait until the others had theirs. */
    private static final int TASKS_PER_TURN = 16;

    /** How many writes are put off at most: who waits for the first of them is to wait no longer than that. */
    private static final int MAX_WRITES = 32;

    /** How long at most, where others have more to do than requests and answers. */
    private static final long MAX_WRITE_WAIT_NANOS = Duration.ofMillis(1).toNanos();

    /** Jetty goes deep where it finds one connection after the other closed; what Java is started with may be little. */
    private static final int STACK_BYTES = 1024 * 1024;

    private final EventLoops loops;
    private final String name;
    private final Queue<Runnable> ready = new ArrayDeque<>(); // confined to the loop's thread
    private final Deadlines deadlines;
    private final Deadlines alarms;
    private final LoopBuffers.AtHand buffersAtHand = new LoopBuffers.AtHand(this);
    private final SmallWrites smallWrites = new SmallWrites(); // confined to the loop's thread
    private final Queue<Runnable> writes = new ArrayDeque<>(); // confined to the loop's thread
    private long firstWriteAt; // of those that were put off; confined to the loop's thread
    private final Queue<SelectorUpdate> updates = new ArrayDeque<>(); // confined to the loop's thread
    private boolean ending; // a round; confined to the loop's thread
    private boolean inTurn; // confined to the loop's thread
    private final TryExecutor executor = new TryExecutor() {
        @Override
        public void execute(Runnable task) {
            EventLoop.this.execute(task);
        }

        @Override
        public boolean tryExecute(Runnable task) {
            EventLoop.this.execute(task);
            return true;
        }
    };

    EventLoop(EventLoops loops, int number) {
        super(loops, number);
        this.loops = loops;
        this.name = "loop-" + number;
        this.deadlines = new Deadlines(this, loops.getScheduler(), Duration.ofMillis(10));
        this.alarms = new Deadlines(this, loops.getScheduler(), Duration.ZERO);
    }

    /** The loop whose thread calls this; null for any other thread. */
    public static @Nullable EventLoop current() {
        return Thread.currentThread() instanceof LoopThread thread ? thread.loop() : null;
    }

    /** The loop that owns the connection beneath {@code endPoint}. */
    public static EventLoop of(EndPoint endPoint) {
        EndPoint beneath = endPoint;
        while (beneath instanceof EndPoint.Wrapper || beneath instanceof SslConnection.SslEndPoint) {
            beneath = beneath instanceof EndPoint.Wrapper wrapper
                    ? wrapper.unwrap()
                    : ((SslConnection.SslEndPoint) beneath).getSslConnection().getEndPoint();
        }
        if (beneath instanceof LoopEndPoint socket) {
            return socket.loop();
        }
        throw new IllegalArgumentException("endPoint: " + endPoint + " (expected: one of an event loop)");
    }

    /** The loop of the connection that {@code request} came in on. */
    public static EventLoop of(Request request) {
        return of(request.getConnectionMetaData().getConnection().getEndPoint());
    }

    @Override
    public EventLoop loop() {
        return this;
    }

    /** Those of what goes on at this loop. */
    public Deadlines deadlines() {
        return deadlines;
    }

    /** Those that are only moments away, and few: apart, since they are looked through often. */
    public Deadlines alarms() {
        return alarms;
    }

    LoopBuffers.AtHand buffersAtHand() {
        return buffersAtHand;
    }

    SmallWrites smallWrites() {
        return smallWrites;
    }

    /** Whether the caller is this loop's thread. */
    public boolean inside() {
        return current() == this;
    }

    /**
     * Runs {@code task} on this loop: from its own thread within the turn, never within the caller's stack; from another,
     * when the loop comes round.
     */
    @Override
    public void execute(Runnable task) {
        if (!inside()) {
            later(task);
        } else if (inTurn) {
            ready.add(task);
        } else {
            turn(task);
        }
    }

    /** This loop as Jetty's connections want it: one that takes whatever must run soon, for which they else begin a thread. */
    Executor executor() {
        return executor;
    }

    /** Runs {@code task} on this loop when every connection that is ready has had its turn. */
    public void later(Runnable task) {
        if (!isRunning()) {
            throw new RejectedExecutionException(name + " is stopped");
        }
        postpone(task);
    }

    private void postpone(Runnable task) {
        super.submit(selector -> {
            writeWhatHasWaited();
            turn(task);
        });
    }

    /** Runs {@code write}, as a turn, when the connections that are ready have had theirs. To be called by the loop's thread. */
    void beforeItWaits(Runnable write) {
        if (writes.isEmpty()) {
            firstWriteAt = NanoTime.now();
        }
        writes.add(write);
    }

    /** What a connection has to do that is ready. */
    void takeUp(Runnable task) {
        writeWhatHasWaited();
        turn(task);
    }

    private void writeWhatHasWaited() {
        if (!writes.isEmpty()
                && (writes.size() >= MAX_WRITES || NanoTime.since(firstWriteAt) >= MAX_WRITE_WAIT_NANOS)) {
            writeAll();
        }
    }

    private void writeAll() {
        for (int left = writes.size(); left > 0; left--) {
            turn(writes.remove());
        }
    }

    /** The writes that were put off, and then what Jetty does before it waits: they may have changed what is waited for. */
    @Override
    protected int nioSelect(Selector selector, boolean now) throws IOException {
        ending = true;
        writeAll();
        ending = false;
        for (SelectorUpdate update = updates.poll(); update != null; update = updates.poll()) {
            update(update, selector);
        }
        return super.nioSelect(selector, now || !writes.isEmpty());
    }

    private static void update(SelectorUpdate update, Selector selector) {
        try {
            update.update(selector);
        } catch (Throwable failure) {
            LOG.warn("cannot update what an event loop waits for: {}", update, failure);
        }
    }

    /** As Jetty's, which takes what is submitted at the end of a round for another thread's, and has it wake the loop. */
    @Override
    public void submit(SelectorUpdate update) {
        if (ending && inside()) {
            updates.add(update);
        } else {
            super.submit(update);
        }
    }

    /** One turn: {@code task}, and what it has begotten. */
    void turn(Runnable task) {
        inTurn = true;
        try {
            run(task);
            for (int tasks = 1; tasks < TASKS_PER_TURN && !ready.isEmpty(); tasks++) {
                run(ready.remove());
            }
            while (!ready.isEmpty()) {
                postpone(ready.remove());
            }
        } finally {
            inTurn = false;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            // The other connections of this loop must not suffer for one.
            LOG.error("a task of an event loop failed", failure);
        }
    }

    @Override
    protected void doStart() throws Exception {
        loops.starting(this);
        super.doStart();
    }

    /** Begins the thread. */
    void begin(Runnable rounds) {
        Runnable all = () -> {
            rounds.run();
            writeAll(); // what was put off in the last round fails: its connections are closed
        };
        new LoopThread(this, all, name).start();
    }

    private static final class LoopThread extends Thread {
        private final EventLoop loop;

        LoopThread(EventLoop loop, Runnable rounds, String name) {
            super(null, rounds, name, STACK_BYTES);
            this.loop = loop;
            setDaemon(true);
        }

        EventLoop loop() {
            return loop;
        }
    }
}
