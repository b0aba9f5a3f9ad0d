package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "API.Localhost, api.localhost",
        "api.localhost., api.localhost",
        "my_service, my_service",
        "*.Apps.local, *.apps.local",
        "bücher.example, xn--bcher-kva.example",
        "*.bücher.example, *.xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "[::1], ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:0:0:0:0:0:0, ::",
        "fe80::, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1, 10.0.0.1"
    })
    void takesOneFormOfEachName(String written, String host) throws InvalidValueException {
        assertThat(HostName.pattern(written)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "10.0.0.7/8",
                "::/0",
                "0.0.0.0/0",
                "2001:db8::/33",
                "192.0.2.7",
                "::1",
                "::ffff:10.0.0.1",
                "255.255.255.255/32",
                "128.0.0.0/1"
            })
    void takesBlocksOfAddresses(String block) {
        ReadResult result = ValidConfigs.read("{\"proxy\": {\"port\": 8080, \"trustedProxies\": [\"" + block
                + "\"]}, \"routes\": [], \"default\": {\"target\": null}}");

        assertThat(result.errors()).isEmpty();
    }

    @Property(tries = 500)
    void writesAnAddressSoThatItReadsAsTheSame(@ForAll @Size(16) byte[] address) throws UnknownHostException {
        for (int i = 0; i < address.length; i++) {
            address[i] = address[i] % 3 == 0 ? 0 : address[i]; // gaps
        }

        String text = AddressLiteral.format(address);

        assertThat(AddressLiteral.parse(text))
                .isEqualTo(InetAddress.getByAddress(address).getAddress());
    }
}
