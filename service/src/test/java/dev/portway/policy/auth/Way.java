package dev.portway.policy.auth;

import dev.portway.RawClient;
import dev.portway.RawHttp2;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ways in which requests come to a proxy. */
enum Way {
    HTTP_1_1,
    ABSOLUTE_FORM,
    HTTP_2,
    WEB_SOCKET,
    WEB_SOCKET_OVER_HTTP_2;

    static final String UPGRADE = """
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;
    private static final byte[] WIDE = {0x3F, -1, -1, -1};

    /** What is asked for, and of which host. */
    record Ask(Trick trick, String host) {}

    /** Asks for all of these, as far as they can be asked for in this way, and waits for the end of whatever comes of each. */
    void ask(URI of, List<Ask> asks) throws IOException {
        List<Ask> all = webSocket()
                ? asks.stream()
                        .filter(ask -> ask.trick().method().equals("GET"))
                        .toList()
                : asks;
        switch (this) {
            case HTTP_1_1, ABSOLUTE_FORM, WEB_SOCKET -> askByLines(of, all);
            case HTTP_2, WEB_SOCKET_OVER_HTTP_2 -> askByFrames(of, all);
        }
    }

    private boolean webSocket() {
        return this == WEB_SOCKET || this == WEB_SOCKET_OVER_HTTP_2;
    }

    /** On one connection, and on the next where that was closed. */
    private void askByLines(URI of, List<Ask> asks) throws IOException {
        RawClient kept = null;
        try {
            for (Ask ask : asks) {
                boolean again = kept != null;
                if (kept == null) {
                    kept = RawClient.to(of);
                }
                RawClient.Response answer;
                try {
                    answer = kept.send(lines(ask)).read(ask.trick().method());
                } catch (IOException e) {
                    if (!again) {
                        throw e;
                    }
                    kept.close();
                    kept = RawClient.to(of);
                    answer = kept.send(lines(ask)).read(ask.trick().method());
                }
                if (answer.status() == 101 || answer.all("Connection").contains("close")) {
                    kept.close();
                    kept = null;
                }
            }
        } finally {
            if (kept != null) {
                kept.close();
            }
        }
    }

    private String lines(Ask ask) {
        Trick trick = ask.trick();
        String form = this == ABSOLUTE_FORM ? "http://" + ask.host() + trick.target() : trick.target();
        StringBuilder lines = new StringBuilder(trick.line(form) + " HTTP/1.1\r\nHost: " + ask.host() + "\r\n");
        trick.fields().forEach(field -> lines.append(field).append("\r\n"));
        if (trick.method().equals("POST")) {
            lines.append("Content-Length: 0\r\n");
        }
        return lines.append(webSocket() ? UPGRADE : "").append("\r\n").toString();
    }

    private void askByFrames(URI of, List<Ask> asks) throws IOException {
        RawHttp2 kept = null;
        int stream = 1;
        try {
            for (Ask ask : asks) {
                boolean again = kept != null;
                if (kept == null) {
                    kept = open(of);
                    stream = 1;
                }
                boolean ended = ends(kept, stream, ask);
                if (!ended && again) {
                    kept.close();
                    kept = open(of);
                    stream = 1;
                    ended = ends(kept, stream, ask);
                }
                stream += 2;
                if (!ended || webSocket()) { // whose stream is open from this side
                    kept.close();
                    kept = null;
                }
            }
        } finally {
            if (kept != null) {
                kept.close();
            }
        }
    }

    private static RawHttp2 open(URI of) throws IOException {
        RawHttp2 client = RawHttp2.connect(of);
        client.send(RawHttp2.PREFACE).frame(RawHttp2.SETTINGS, 0, 0);
        return client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, WIDE);
    }

    /** Whether the connection can be used for another one when this has ended. */
    private boolean ends(RawHttp2 client, int stream, Ask ask) throws IOException {
        int flags = RawHttp2.END_HEADERS | (webSocket() ? 0 : RawHttp2.END_STREAM);
        client.frame(RawHttp2.HEADERS, flags, stream, RawHttp2.block(fields(ask)));
        return ended(client, stream);
    }

    /** Reads until nothing more comes on the stream; false where the connection is over as well. */
    static boolean ended(RawHttp2 client, int stream) throws IOException {
        for (RawHttp2.Frame frame = client.read(); frame != null; frame = client.read()) {
            boolean last = frame.type() <= RawHttp2.HEADERS && (frame.flags() & RawHttp2.END_STREAM) != 0;
            if (frame.type() == RawHttp2.GOAWAY) {
                return false;
            }
            if (frame.stream() == stream && (last || frame.type() == RawHttp2.RST_STREAM)) {
                return true;
            }
        }
        return false;
    }

    private String[] fields(Ask ask) {
        Trick trick = ask.trick();
        List<String> fields = new ArrayList<>(List.of(":method", webSocket() ? "CONNECT" : trick.method()));
        fields.addAll(List.of(":scheme", "http", ":authority", ask.host(), ":path", trick.target()));
        if (webSocket()) {
            fields.addAll(List.of(":protocol", "websocket", "sec-websocket-version", "13"));
        }
        for (String field : trick.fields()) {
            int colon = field.indexOf(':');
            fields.add(field.substring(0, colon).toLowerCase(Locale.ROOT));
            fields.add(field.substring(colon + 1).strip());
        }
        return fields.toArray(String[]::new);
    }
}
