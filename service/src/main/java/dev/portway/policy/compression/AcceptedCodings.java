package dev.portway.policy.compression;

import dev.portway.config.CompressionConfig.Coding;
import dev.portway.exchange.Listed;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** What a client takes (RFC 9110, section 12.5.3). */
final class AcceptedCodings {

    private static final double UNSAID = -1;

    private AcceptedCodings() {}

    /** The coding of {@code ours} that the client likes best, the first of those it likes alike; null for none. */
    static @Nullable Coding best(HttpFields headers, List<Coding> ours) {
        List<String> accepted = Listed.in(headers, HttpHeader.ACCEPT_ENCODING);
        if (accepted.isEmpty()) {
            return null;
        }
        double any = quality(accepted, "*");
        // Plain bytes are taken unless the client says otherwise; where it prefers them, it gets them.
        double most = Math.max(0, quality(accepted, "identity"));
        Coding best = null;
        for (Coding coding : ours) {
            double said = quality(accepted, coding.written());
            double quality = said == UNSAID ? any : said;
            if (quality > 0 && (quality > most || (quality == most && best == null))) {
                most = quality;
                best = coding;
            }
        }
        return best;
    }

    /** From 0 to 1, or {@link #UNSAID}. */
    private static double quality(List<String> accepted, String name) {
        for (String member : accepted) {
            int semicolon = member.indexOf(';');
            String coding = (semicolon < 0 ? member : member.substring(0, semicolon)).strip();
            if (coding.equalsIgnoreCase(name)) {
                return semicolon < 0 ? 1 : weight(member.substring(semicolon + 1));
            }
        }
        return UNSAID;
    }

    private static double weight(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    return Double.parseDouble(stripped.substring(2));
                } catch (NumberFormatException e) {
                    return 0; // what it says cannot be read: no coding is safe
                }
            }
        }
        return 1;
    }
}
