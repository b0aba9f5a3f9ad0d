package dev.portway.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyReaderTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2",
        "2001:db8:1:2::1, 2001:db8:1:2",
        "2001:db8:0:0:1:0:0:0, 2001:db8:0:0",
        "2001:db8:0:0:1:2:3:4, 2001:db8:0:0",
        "2001:db8::1, 2001:db8:0:0",
        "2001::1:2:3:4:5, 2001:0:0:1",
        "::1, 0:0:0:0",
        "0:0:0:1:2:3:4:5, 0:0:0:1",
        "1:0:0:2::, 1:0:0:2",
        "fe80::, fe80:0:0:0"
    })
    void countsIpv6ByItsFirst64Bits(String address, String key) {
        InetAddress parsed = InetAddresses.forString(address);

        assertThat(KeyReader.client(InetAddresses.toAddrString(parsed))).isEqualTo(key);
        assertThat(KeyReader.client(parsed)).isEqualTo(key);
    }
}
