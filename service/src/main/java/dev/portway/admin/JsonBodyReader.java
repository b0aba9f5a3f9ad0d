package dev.portway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of writes: JSON, a form, or the JSON that plain {@code curl -d} sends as a form. Bounded in size and
 * strict, so that nothing a person mistyped is guessed at. Thread-safe.
 */
@Provider
@ConstrainedTo(RuntimeType.SERVER)
public final class JsonBodyReader implements MessageBodyReader<JsonBody> {

    /** The largest body taken, in bytes. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == JsonBody.class;
    }

    @Override
    public JsonBody readFrom(
            Class<JsonBody> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream stream)
            throws IOException {
        refuseCharset(mediaType.getParameters().get(MediaType.CHARSET_PARAMETER));
        String text = decoded(bounded(stream, headers.getFirst(HttpHeaders.CONTENT_LENGTH)));
        String content = text.strip();
        if (content.isEmpty()) {
            throw new ProblemException(
                    ProblemType.MALFORMED_BODY,
                    "The body is empty (expected: JSON, or a form such as -d host=api.localhost -d target=3001).");
        }
        boolean form = MediaType.APPLICATION_FORM_URLENCODED_TYPE.isCompatible(mediaType)
                && !mediaType.isWildcardType()
                && !content.startsWith("{")
                && !content.startsWith("[");
        return new JsonBody(form ? FormBody.parse(content) : parsed(text), text);
    }

    private static JsonNode parsed(String text) {
        try {
            return WireFormat.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    ProblemType.MALFORMED_BODY, "The body is not valid JSON: " + JsonMistake.describe(e) + ".");
        }
    }

    private static byte[] bounded(InputStream stream, @Nullable String length) throws IOException {
        if (length != null && length.length() > 9) {
            throw tooLarge();
        }
        if (length != null && Long.parseLong(length) > MAX_BYTES) {
            throw tooLarge();
        }
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge();
        }
        return bytes;
    }

    private static String decoded(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ProblemException(ProblemType.MALFORMED_BODY, "The body is not valid UTF-8.");
        }
    }

    private static void refuseCharset(@Nullable String charset) {
        if (charset != null && !charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("us-ascii")) {
            throw new ProblemException(
                    ProblemType.MALFORMED_BODY, "The body is said to be in another charset (expected: utf-8).");
        }
    }

    private static ProblemException tooLarge() {
        return new ProblemException(
                ProblemType.BODY_TOO_LARGE, "The body is larger than 4 MiB, the most that is read.");
    }
}
