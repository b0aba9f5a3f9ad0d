package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class ForwardTest {

    @Test
    void relaysStatusFieldsAndBody() throws Exception { // behaviour 1
        try (Origin origin = Origin.sending("HTTP/1.1 345 Odd\r\nX-One: a\r\nContent-Length: 2\r\n\r\nhi");
                ProxyHarness proxy = ProxyHarness.routing("/", origin)) {
            HttpResponse<String> response = proxy.get("/a?b=c");

            assertThat(response.statusCode()).isEqualTo(345);
            assertThat(response.headers().firstValue("X-One")).contains("a");
            assertThat(response.body()).isEqualTo("hi");
            assertThat(origin.take().target()).isEqualTo("/a?b=c");
        }
    }
}
