package dev.portway.admin;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/**
 * Writes HTML in which every text and every attribute is escaped, because there is no way to write one that is not.
 * Confined to one thread.
 */
final class HtmlWriter {

    private static final Set<String> VOID = Set.of("meta", "link", "br");

    private final StringBuilder out = new StringBuilder(8192);
    private final Deque<String> open = new ArrayDeque<>();

    /** Begins an element, with attributes as pairs of name and value. */
    HtmlWriter open(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        if (!VOID.contains(element)) {
            open.push(element);
        }
        return this;
    }

    /** Ends the element begun last. */
    HtmlWriter close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Text. */
    HtmlWriter text(String text) {
        escape(text);
        return this;
    }

    /** An element with nothing but text in it. */
    HtmlWriter element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** A style sheet or script that is part of the program; refused if it could end its element early. */
    HtmlWriter asset(String element, String content) {
        if (content.toLowerCase(Locale.ROOT).contains("</" + element)) {
            throw new IllegalArgumentException(element + ": contains its own end tag (expected: none)");
        }
        open(element);
        out.append(content);
        return close();
    }

    /** The document; every element must be closed. */
    String document() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("open elements: " + open + " (expected: none)");
        }
        return "<!doctype html>\n" + out + "\n";
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
    }

    /** How long ago something was, at {@code now}. */
    HtmlWriter time(Instant at, Instant now) {
        return element("time", Ages.ago(at, now), "datetime", at.toString(), "title", at.toString());
    }
}
