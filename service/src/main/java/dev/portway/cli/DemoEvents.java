package dev.portway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** An event stream that ticks once a second until the client leaves. */
final class DemoEvents extends Handler.Abstract.NonBlocking {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        new Stream(request.getComponents().getScheduler(), response, callback).tick();
        return true;
    }

    /** One client's stream; only one write or timer is ever under way. */
    private static final class Stream implements Callback {

        private final Scheduler scheduler;
        private final Response response;
        private final Callback end;
        private int count; // written by tick(), which the scheduler and the write before it order

        Stream(Scheduler scheduler, Response response, Callback end) {
            this.scheduler = scheduler;
            this.response = response;
            this.end = end;
        }

        void tick() {
            String time = LocalTime.now(ZoneId.systemDefault())
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
            String event = "event: tick\ndata: {\"count\": " + ++count + ", \"time\": \"" + time + "\"}\n\n";
            response.write(false, ByteBuffer.wrap(event.getBytes(UTF_8)), this);
        }

        @Override
        public void succeeded() {
            scheduler.schedule(this::tick, 1, TimeUnit.SECONDS);
        }

        @Override
        public void failed(Throwable left) {
            end.failed(left);
        }
    }
}
