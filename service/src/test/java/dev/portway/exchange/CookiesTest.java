package dev.portway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CookiesTest {

    @Test
    void findsACookieAmongOthers() {
        assertThat(value("a=1; b=2;c=3", "a")).isEqualTo("1");
        assertThat(value("a=1; b=2;c=3", "b")).isEqualTo("2");
        assertThat(value("a=1; b=2;c=3", "c")).isEqualTo("3");
        assertThat(value("a=1; b=2;c=3", "d")).isNull();
    }

    @Test
    void takesNoNameForAnotherThatContainsIt() {
        assertThat(value("xsid=1; sidx=2; Sid=3", "sid")).isNull();
        assertThat(value("x=sid=1; sid=2", "sid")).isEqualTo("2");
    }

    @Test
    void takesTheFirstOfSeveralOfOneName() {
        assertThat(value("sid=1; sid=2", "sid")).isEqualTo("1");
        assertThat(Cookies.value(
                        HttpFields.build().add(HttpHeader.COOKIE, "a=1").add(HttpHeader.COOKIE, "sid=2"), "sid"))
                .isEqualTo("2");
    }

    @Test
    void countsWhatMayBeTakenForOneOfTheName() {
        HttpFields headers = HttpFields.build()
                .add(HttpHeader.COOKIE, "sid=sid=1; Sid=2;\tsid =3; xsid=4; sid")
                .add(HttpHeader.COOKIE, "sid=5");

        assertThat(Cookies.count(headers, "sid")).isEqualTo(4);
        assertThat(Cookies.count(headers, "xsid")).isEqualTo(1);
        assertThat(Cookies.count(headers, "a")).isZero();
    }

    @Test
    void bearsWhatIsNoCookie() {
        assertThat(value("", "sid")).isNull();
        assertThat(value(";; =; sid", "sid")).isNull();
        assertThat(value("sid=", "sid")).isEmpty();
        assertThat(value("sid= x ", "sid")).isEqualTo("x");
    }

    private static @Nullable String value(String cookies, String name) {
        return Cookies.value(HttpFields.build().add(HttpHeader.COOKIE, cookies), name);
    }
}
