package dev.portway.exchange;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of its route change in one exchange: in the request in the order in which they said so, in the response
 * in the reverse order, so that the rule which a request meets first has the last word. Confined.
 */
public final class Edits {

    private final List<RequestEdit> ofRequest = new ArrayList<>(4);
    private final List<ResponseEdit> ofResponse = new ArrayList<>(4);
    private final List<ResponseCheck> checks = new ArrayList<>(1);

    private @Nullable FieldNames withheld;
    private @Nullable FieldNames hidden;

    Edits() {}

    /** Says what the client may not tell the backend: not in the head, from which an edit takes it, nor behind the body. */
    public void withhold(FieldNames names) {
        withheld = names;
        request((exchange, request) -> names.removeFrom(request.fields()));
    }

    boolean withholds(String name) {
        return withheld != null && withheld.cover(name);
    }

    /** Says what of a backend's fields the client does not get before the response or behind its body; the head is edited. */
    public void hide(FieldNames names) {
        hidden = names;
    }

    boolean hides(String name) {
        return hidden != null && hidden.cover(name);
    }

    /** Has what is sent to the backend changed. */
    public void request(RequestEdit edit) {
        ofRequest.add(edit);
    }

    /** Has the head of the response changed, whoever makes it. */
    public void response(ResponseEdit edit) {
        ofResponse.add(edit);
    }

    /** Has a backend's response kept back where {@code check} says so. */
    public void check(ResponseCheck check) {
        checks.add(check);
    }

    @Nullable
    Failure refusal(int status, HttpFields fields) {
        for (ResponseCheck check : checks) {
            Failure refusal = check.refusal(status, fields);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    void apply(ProxyExchange exchange, OutgoingRequest request) {
        for (RequestEdit edit : ofRequest) {
            edit.edit(exchange, request);
        }
    }

    void apply(ProxyExchange exchange, Response response) {
        for (int i = ofResponse.size() - 1; i >= 0; i--) {
            ofResponse.get(i).edit(exchange, response);
        }
    }
}
