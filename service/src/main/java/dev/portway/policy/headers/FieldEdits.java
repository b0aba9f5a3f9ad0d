package dev.portway.policy.headers;

import dev.portway.config.HeaderEditsConfig;
import dev.portway.config.Template;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** What is changed in the fields of one message. Immutable. */
final class FieldEdits {

    private final HeaderEditsConfig rule;

    FieldEdits(HeaderEditsConfig rule) {
        this.rule = rule;
    }

    /** A value that comes out empty is not sent: {@code set} then leaves no field of that name. */
    void apply(ProxyExchange exchange, HttpFields.Mutable fields) {
        rule.remove().forEach(fields::remove);
        for (Map.Entry<String, Template> set : rule.set().entrySet()) {
            set(fields, set.getKey(), Values.of(set.getValue(), exchange));
        }
        for (Map.Entry<String, List<Template>> add : rule.add().entrySet()) {
            for (Template template : add.getValue()) {
                String value = Values.of(template, exchange);
                if (!value.isEmpty()) {
                    fields.add(add.getKey(), value);
                }
            }
        }
        for (Map.Entry<String, Template> append : rule.append().entrySet()) {
            append(fields, append.getKey(), Values.of(append.getValue(), exchange));
        }
    }

    /** Sets {@code name} to {@code value} in place of all its fields. */
    static void set(HttpFields.Mutable fields, String name, String value) {
        if (value.isEmpty()) {
            fields.remove(name);
        } else {
            fields.put(name, value);
        }
    }

    private static void append(HttpFields.Mutable fields, String name, String value) {
        List<String> values = new ArrayList<>();
        for (HttpField field : fields) {
            String there = field.is(name) ? field.getValue() : null;
            if (there != null && !there.isEmpty()) {
                values.add(there);
            }
        }
        if (!value.isEmpty()) {
            values.add(value);
            fields.put(name, String.join(", ", values));
        }
    }
}
