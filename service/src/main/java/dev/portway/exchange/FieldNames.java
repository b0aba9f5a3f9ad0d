package dev.portway.exchange;

import java.util.Collection;
import java.util.Iterator;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/**
 * Names of fields, and whatever a backend may take for one of them: those that make variables of names (CGI, WSGI) know no
 * case, and read each character that is no letter or digit as the same. Immutable.
 */
public final class FieldNames {

    private final String[] names; // folded
    private final long lengths; // a bit for each, so that most names are told by theirs

    public FieldNames(Collection<String> names) {
        this.names = names.stream().map(FieldNames::folded).distinct().toArray(String[]::new);
        long bits = 0;
        for (String name : this.names) {
            bits |= 1L << name.length();
        }
        this.lengths = bits;
    }

    /** Whether {@code name} may be taken for one of them. */
    public boolean cover(String name) {
        if ((lengths >>> name.length() & 1) == 0) {
            return false;
        }
        for (String known : names) {
            if (known.length() == name.length() && same(known, name)) {
                return true;
            }
        }
        return false;
    }

    /** Takes all of them out. */
    public void removeFrom(HttpFields.Mutable fields) {
        for (Iterator<HttpField> each = fields.iterator(); names.length > 0 && each.hasNext(); ) {
            if (cover(each.next().getName())) {
                each.remove();
            }
        }
    }

    private static boolean same(String folded, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (folded.charAt(i) != fold(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String folded(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            folded.append(fold(name.charAt(i)));
        }
        return folded.toString();
    }

    private static char fold(char c) {
        char lower = c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
        return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ? lower : '_';
    }
}
