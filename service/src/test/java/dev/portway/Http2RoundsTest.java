package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** What an HTTP/2 connection has to send when its loop has gone round goes out together. */
final class Http2RoundsTest {

    private static final int STREAMS = 20;

    @Test
    void sendsTheAnswersOfOneRoundInOneRecord() throws Exception {
        String routes = "[{ \"id\": \"only\", \"respond\": { \"body\": \"hello\" } }]";
        try (ProxyHarness proxy = ProxyHarness.secured(routes);
                CountingSocket socket = new CountingSocket(proxy.tls().getPort());
                RawHttp2 client = RawHttp2.over(socket, proxy.tls()).settled()) {
            int before = socket.records();
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (int i = 0; i < STREAMS; i++) {
                requests.writeBytes(RawHttp2.frameBytes(
                        RawHttp2.HEADERS,
                        RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                        1 + 2 * i,
                        RawHttp2.block(RawHttp2.request("GET", "/"))));
            }

            client.send(requests.toByteArray());

            for (int i = 0; i < STREAMS; i++) {
                assertThat(client.response(1 + 2 * i).body()).isEqualTo("hello");
            }
            assertThat(socket.records() - before).isEqualTo(1);
        }
    }

    /** Counts the records of TLS that are read from it. */
    private static final class CountingSocket extends Socket {
        private int records;
        private int headerLeft = 5;
        private int bodyLeft;

        CountingSocket(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
        }

        int records() {
            return records;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int value = super.read();
                    if (value >= 0) {
                        count((byte) value);
                    }
                    return value;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int read = super.read(bytes, offset, length);
                    for (int i = 0; i < read; i++) {
                        count(bytes[offset + i]);
                    }
                    return read;
                }
            };
        }

        private void count(byte value) {
            if (headerLeft == 0 && bodyLeft == 0) {
                headerLeft = 5;
            }
            if (headerLeft > 0) {
                headerLeft--;
                bodyLeft = headerLeft < 2 ? (bodyLeft << 8) | (value & 0xff) : 0; // the last two bytes say its length
                records += headerLeft == 0 ? 1 : 0;
            } else {
                bodyLeft--;
            }
        }
    }
}
