package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathReadingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin",
                "/admin/",
                "/Admin/users",
                "//admin",
                "/x%2F..%2Fadmin",
                "/x/..%2fadmin",
                "/%2561dmin",
                "/%252561dmin",
                "/x/..;/admin",
                "/x/..;a=b/admin",
                "/admin;x=1",
                "/admin;x=1/users",
                "/x%5C..%5Cadmin",
                "/%5Cadmin",
                "/admin%2Fusers",
                "/admin%2F..%2F..%2Fpublic",
                "/admin%2500.html",
                "/admin%3Fx",
                "/admin.",
                "/admin%20",
                "/x/%C0%AE%C0%AE/admin",
                "/x%C0%AF..%C0%AFadmin",
                "/./admin",
                "/x/%252e%252e/admin",
                "/%2Fadmin",
                "/ADMIN;/.",
                "/pub;a%2Fb/..%2Fadmin"
            })
    void findsTheReadingThatIsUnderThePrefix(String path) {
        assertThat(PathReadings.under("/admin", PathReadings.of(RequestPath.normalize(path))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/administrator", "/x/admin", "/x%2Fadmin", "/public/admin;x", "/a%20dmin", "/café"})
    void leavesOthersAlone(String path) {
        assertThat(PathReadings.under("/admin", PathReadings.of(RequestPath.normalize(path))))
                .isFalse();
    }

    @Test
    void readsAPlainPathInOneWay() {
        assertThat(PathReadings.of("/a/b.c/~d")).isEqualTo(Set.of("/a/b.c/~d"));
    }

    @Test
    void knowsAPrefixThatIsEscaped() {
        assertThat(PathReadings.under("/admin%20area", PathReadings.of(RequestPath.normalize("/x/..%2fadmin%20area"))))
                .isTrue();
    }

    @Property
    void isNeverAtALoss(
            @ForAll
                    @Chars({'/', '.', ';', '%', '2', '5', 'f', 'e', 'C', '0', 'A', '\\', '?'})
                    @CharRange(from = 'a', to = 'c')
                    @StringLength(max = 40)
                    String path) {
        assertThat(PathReadings.of("/" + path))
                .isNotEmpty()
                .allSatisfy(reading -> assertThat(reading).startsWith("/"));
    }
}
