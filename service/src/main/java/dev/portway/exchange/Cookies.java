package dev.portway.exchange;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The cookies of a request, read without taking all of them apart (RFC 6265, section 5.4). */
final class Cookies {

    private Cookies() {}

    /** The value of the first cookie of this name, as it stands there; null if there is none. */
    static @Nullable String value(HttpFields headers, String name) {
        for (HttpField field : headers) {
            if (field.getHeader() == HttpHeader.COOKIE) {
                String value = field.getValue() == null ? null : value(field.getValue(), name);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    /**
     * How many cookies a backend may take for one of this name: some know no case, and blanks may be anywhere. Which of several
     * it takes, nobody knows.
     */
    static int count(HttpFields headers, String name) {
        int count = 0;
        for (HttpField field : headers) {
            if (field.getHeader() == HttpHeader.COOKIE && field.getValue() != null) {
                for (String cookie : field.getValue().split(";", -1)) {
                    int equals = cookie.indexOf('=');
                    if (equals >= 0 && cookie.substring(0, equals).strip().equalsIgnoreCase(name)) {
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static @Nullable String value(String cookies, String name) {
        int begin = 0;
        while (begin < cookies.length()) {
            int semicolon = cookies.indexOf(';', begin);
            int end = semicolon < 0 ? cookies.length() : semicolon;
            while (begin < end && cookies.charAt(begin) == ' ') {
                begin++;
            }
            int equals = begin + name.length();
            if (equals < end && cookies.charAt(equals) == '=' && cookies.startsWith(name, begin)) {
                return cookies.substring(equals + 1, end).strip();
            }
            begin = end + 1;
        }
        return null;
    }
}
