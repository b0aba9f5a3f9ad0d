package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content.Source;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to a backend, as it is. Confined.
 *
 * @param method as the client wrote it
 * @param target of the request line (RFC 9112, section 3.2), raw
 * @param fields with Host, without what frames the body
 * @param body null for none; of a length that is known, or -1
 * @param held whether the body waits for {@link BackendCall#proceed}
 * @param trailers asked for behind a body without a length; may supply null
 * @param repeatable whether it is sent once more where the connection turns out to be closed already
 */
public record BackendRequest(
        String method,
        String target,
        HttpFields fields,
        @Nullable Source body,
        boolean held,
        @Nullable Supplier<@Nullable HttpFields> trailers,
        boolean repeatable) {

    public BackendRequest {
        requireNonNull(method, "method");
        requireNonNull(target, "target");
        requireNonNull(fields, "fields");
    }

    boolean head() {
        return HttpMethod.HEAD.is(method);
    }
}
