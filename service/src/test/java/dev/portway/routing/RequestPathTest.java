package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '\u00a6',
            quoteCharacter = '\u00ac',
            value = {
                // as sent         ¦ matched           ¦ forwarded
                "/                 ¦ /                 ¦ /",
                "*                 ¦ *                 ¦ *",
                "/a/b              ¦ /a/b              ¦ /a/b",
                "/a/.              ¦ /a/               ¦ /a/",
                "/a/./b            ¦ /a/b              ¦ /a/b",
                "/a/..             ¦ /                 ¦ /",
                "/a/b/..           ¦ /a/               ¦ /a/",
                "/a/b/../          ¦ /a/               ¦ /a/",
                "/a/b/../c         ¦ /a/c              ¦ /a/c",
                "/x/../admin       ¦ /admin            ¦ /admin",
                "/x/%2e%2E/admin   ¦ /admin            ¦ /admin",
                "/x/.%2e/admin     ¦ /admin            ¦ /admin",
                "/%2e              ¦ /                 ¦ /",
                "/a//../b          ¦ /a/b              ¦ /a/b",
                "/a/..//b          ¦ //b               ¦ //b",
                "/...              ¦ /...              ¦ /...",
                "/.a               ¦ /.a               ¦ /.a",
                "/a.               ¦ /a.               ¦ /a.",
                "/..a/b            ¦ /..a/b            ¦ /..a/b",
                "/a/.%2e%2e        ¦ /a/...            ¦ /a/.%2e%2e",
                "/%61dmin          ¦ /admin            ¦ /%61dmin",
                "/%7euser          ¦ /~user            ¦ /%7euser",
                "/x%2fadmin        ¦ /x%2Fadmin        ¦ /x%2fadmin",
                "/x/..%2Fadmin     ¦ /x/..%2Fadmin     ¦ /x/..%2Fadmin",
                "/x/%2e%2e%2fadmin ¦ /x/..%2Fadmin     ¦ /x/%2e%2e%2fadmin",
                "/x/%252e%252e/a   ¦ /x/%252e%252e/a   ¦ /x/%252e%252e/a",
                "//admin           ¦ //admin           ¦ //admin",
                "/a//b             ¦ /a//b             ¦ /a//b",
                "/admin/..;/       ¦ /admin/..;/       ¦ /admin/..;/",
                "/admin;x=1        ¦ /admin;x=1        ¦ /admin;x=1",
                "/a;b=%c3%a9/./c   ¦ /a;b=%C3%A9/c     ¦ /a;b=%c3%a9/c",
                "/a+b              ¦ /a+b              ¦ /a+b",
                "/%E2%82%AC¦/%E2%82%AC¦/%E2%82%AC",
                "/a\\..\\b         ¦ /a%5C..%5Cb       ¦ /a\\..\\b",
                "/a\"^`{}<>[]      ¦ /a%22%5E%60%7B%7D%3C%3E%5B%5D ¦ /a\"^`{}<>[]",
                "/\u00e9/../\u20ac ¦ /%E2%82%AC        ¦ /\u20ac",
                "/a|b              ¦ /a%7Cb            ¦ /a|b",
                "/\ud83d\ude00     ¦ /%F0%9F%98%80     ¦ /\ud83d\ude00",
                "/!$&'()*+,;=:@    ¦ /!$&'()*+,;=:@    ¦ /!$&'()*+,;=:@",
                "/%21              ¦ /%21              ¦ /%21",
            })
    void hasOneFormToMatchAndOneToForward(String raw, String matched, String forwarded) { // behaviour 24
        assertThat(RequestPath.normalize(raw)).isEqualTo(matched);
        assertThat(RequestPath.resolveDots(raw)).isEqualTo(forwarded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/b",
                "**",
                "*/",
                "http://a/",
                "/%",
                "/%2",
                "/a%2",
                "/%zz",
                "/%2g",
                "/%g2",
                "/%%32",
                "/a%2/b",
                "/%\uff12\uff10",
                "/a b",
                "/a\tb",
                "/a\nb",
                "/a\rb",
                "/a\0b",
                "/\ud83d",
                "/\ufffd",
                "/a\u007fb",
                "/a?b",
                "/a#b",
                "?",
                "/../%",
                "/..",
                "/../../admin",
                "/a/%2e%2e/%2E./b",
                "/a%00b"
            })
    void refusesWhatIsMalformed(String raw) {
        assertThatThrownBy(() -> RequestPath.normalize(raw)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RequestPath.resolveDots(raw)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givesTheSameStringBackWhereThereIsNothingToDo() {
        String raw = "/a/b.c/..d/%2F%C3%A9;p=1//";

        assertThat(RequestPath.normalize(raw)).isSameAs(raw);
        assertThat(RequestPath.resolveDots(raw)).isSameAs(raw);
    }

    @Test
    void keepsEscapesWhenItForwardsThoughItResolvesDots() {
        assertThat(RequestPath.resolveDots("/%61/./%2f/x/../%7E")).isEqualTo("/%61/%2f/%7E");
    }

    @Property
    void normalizesOnceAndForAll(@ForAll("paths") String raw) {
        String once = RequestPath.normalize(raw);

        assertThat(RequestPath.normalize(once)).isEqualTo(once);
    }

    @Property
    void leavesNoDotSegment(@ForAll("paths") String raw) {
        assertThat(RequestPath.normalize(raw)).startsWith("/");
        assertThat(RequestPath.normalize(raw).split("/", -1)).doesNotContain(".", "..");
        assertThat(RequestPath.resolveDots(raw)).startsWith("/").doesNotMatch("(?i).*/(\\.|%2e){1,2}(/.*)?");
    }

    @Property
    void matchesWhatItForwards(@ForAll("paths") String raw) {
        assertThat(RequestPath.normalize(RequestPath.resolveDots(raw))).isEqualTo(RequestPath.normalize(raw));
    }

    @Property
    void resolvesDotsOnceAndForAll(@ForAll("paths") String raw) {
        String once = RequestPath.resolveDots(raw);

        assertThat(RequestPath.resolveDots(once)).isSameAs(once);
    }

    @Property
    void forwardsEveryByteOfPathsWithoutDotSegments(@ForAll("segmentsWithoutDots") String raw) {
        assertThat(RequestPath.resolveDots(raw)).isSameAs(raw);
    }

    @Property
    void eitherTakesAPathOrSaysThatItIsMalformed(@ForAll String raw) {
        try {
            RequestPath.normalize(raw);
            RequestPath.resolveDots(raw);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("path ");
        }
    }

    @Property
    void resolvesDotsAsTheRfcWritesIt(@ForAll("paths") String raw) {
        String plain = raw.replaceAll("(?i)%2e", ".");

        assertThat(RequestPath.resolveDots(plain)).isEqualTo(removeDotSegments(plain));
    }

    /** RFC 3986, section 5.2.4, step by step. */
    private static String removeDotSegments(String path) {
        String in = path;
        String out = "";
        while (!in.isEmpty()) {
            if (in.startsWith("/./") || in.equals("/.")) {
                in = "/" + in.substring(Math.min(3, in.length()));
            } else if (in.startsWith("/../") || in.equals("/..")) {
                in = "/" + in.substring(Math.min(4, in.length()));
                out = out.substring(0, Math.max(0, out.lastIndexOf('/')));
            } else {
                int end = in.indexOf('/', 1);
                out += end < 0 ? in : in.substring(0, end);
                in = end < 0 ? "" : in.substring(end);
            }
        }
        return out;
    }

    @Provide
    Arbitrary<String> paths() {
        return pieces("/", "/", "/", ".", "..", "%2e", "%2E", "a", "b;c", "%61", "%2f", "%2F", "%c3%A9", "%25", "+")
                .filter(path -> !climbs(path));
    }

    private static boolean climbs(String path) {
        int depth = 0;
        for (String segment : path.substring(1).replaceAll("(?i)%2e", ".").split("/", -1)) {
            depth += segment.equals("..") ? -1 : segment.equals(".") ? 0 : 1;
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    @Provide
    Arbitrary<String> segmentsWithoutDots() {
        return pieces("/", "//", "a", "b.c;d=1", "x..y", "%61", "%2f", "%2F", "%252e", "%c3%A9", "+");
    }

    private static Arbitrary<String> pieces(String... pieces) {
        return Arbitraries.of(pieces).list().ofMaxSize(14).map(list -> "/" + String.join("", list));
    }
}
