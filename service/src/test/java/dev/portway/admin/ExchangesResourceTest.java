package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portway.api.ExchangesView;
import dev.portway.client.ExchangeQuery;
import dev.portway.client.PortwayClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExchangesResourceTest {

    @Test
    void showsWhatWasAnsweredLast() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]")) {
            admin.served("web", 200, 12);

            JsonNode page = admin.get("/exchanges").json();

            assertThat(page.path("next").asLong()).isEqualTo(1);
            assertThat(page.path("missed").asLong()).isZero();
            JsonNode one = page.path("exchanges").path(0);
            assertThat(one.path("time").asText()).isEqualTo(AdminHarness.NOW.toString());
            assertThat(one.path("route").asText()).isEqualTo("web");
            assertThat(one.path("status").asInt()).isEqualTo(200);
            assertThat(one.path("totalMs").asDouble()).isEqualTo(12);
            assertThat(one.has("error")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 4",
        "?route=web, 3",
        "?route=nobody, 0",
        "?status=5xx, 2",
        "?status=404, 1",
        "?status=400-502, 2",
        "?route=web&status=5xx, 1",
        "?limit=1, 1",
        "?after=3, 1",
        "?after=4, 0",
        "?after=77, 4",
    })
    void showsThoseThatAreWanted(String query, int count) throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]")) {
            admin.served("web", 200, 1);
            admin.served("web", 404, 1);
            admin.served("web", 502, 1);
            admin.served("api", 503, 1);

            assertThat(admin.get("/exchanges" + query).json().path("exchanges")).hasSize(count);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0     | limit: 0 (expected: 1..1024).",
                "limit=1025  | limit: 1025 (expected: 1..1024).",
                "limit=x     | limit: x (expected: a whole number).",
                "after=-1    | after: -1 (expected: a whole number).",
                "status=6xx  | status: 6xx (expected: such as 5xx, 404 or 400-499).",
            })
    void refusesWhatIsNone(String query, String detail) throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]")) {
            AdminHarness.Answer answer = admin.get("/exchanges?" + query);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("detail").asText()).isEqualTo(detail);
        }
    }

    @Test
    void isFollowedByTheClient() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]");
                PortwayClient client = PortwayClient.builder()
                        .admin("localhost:" + admin.port())
                        .build()) {
            ExchangeQuery query = ExchangeQuery.last(10).ofRoute("web").withStatus("2xx");
            admin.served("web", 200, 1);
            ExchangesView first = client.exchanges(query);
            for (int i = 0; i < 1_500; i++) {
                admin.served("web", i % 2 == 0 ? 204 : 500, 1);
            }
            ExchangesView second =
                    client.exchangesAsync(query.goingOn(first.next())).get();

            assertThat(first.exchanges())
                    .singleElement()
                    .satisfies(one -> assertThat(one.status()).isEqualTo(200));
            assertThat(second.missed()).isEqualTo(1_500 - 1_024);
            assertThat(second.exchanges()).hasSize(512);
            assertThat(second.next()).isEqualTo(1_501);
        }
    }
}
