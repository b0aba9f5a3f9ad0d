package dev.portway.transport;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** One request on its way to one backend, and its answer on the way back. Confined to the loop of its exchange. */
public interface BackendCall {

    /** Begins; the listener may be told things before this returns. */
    void begin();

    /** Breaks it off: unless it has ended, {@link Listener#ended} follows before this returns, or soon after. */
    void abort(Throwable cause);

    /** Sends the body that was held back for {@code 100 Continue}. */
    void proceed();

    /** The connection whose backend has {@link Listener#answered} with 101: from now on the caller's, who puts another protocol on it. */
    EndPoint takeOver();

    /** Told what comes of a call, in this order, on its loop. */
    interface Listener {

        /**
         * A connection was found, and the request goes out.
         *
         * @param reused whether it has carried requests before
         * @param multiplexed whether it carries others at the same time, as over HTTP/2
         */
        void connected(boolean reused, boolean multiplexed);

        /** The head is out; the body, if it is held back, is not. */
        void headSent();

        /** The request is out, whole. */
        void sent();

        /** An interim response (RFC 9110, section 15.2), other than 101. */
        void interim(int status, HttpFields fields);

        /**
         * The head of the response is in, or a 101.
         *
         * @param body to be read to its end; its chunks are the reader's to release
         */
        void answered(BackendResponse response, Content.Source body);

        /**
         * The last word, after which the connection can carry another request. Where all went well it comes no later than
         * soon after the last chunk of the body was read, even if not all of the request was sent by then.
         *
         * @param failure null where all went well
         */
        void ended(@Nullable Throwable failure);
    }
}
