package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Whose certificates let in; {@code clientCertificate} of an {@code auth} rule. Immutable.
 *
 * @param subjects of certificates; empty for whatever the authority of {@code proxy.tls.clientCertificates} has signed
 */
public record CertificateConfig(List<X500Principal> subjects) {

    public CertificateConfig {
        subjects = List.copyOf(subjects);
    }

    static final Keys KEYS = Keys.of("subjects");

    private static final String EXPECTED = "a list of names such as [\"CN=ada,O=Example\"]";

    static CertificateConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        if (!ClientCertificatesConfig.areAskedFor(at)) {
            throw new InvalidValueException(
                    "needs certificates that nobody is asked for", "\"ca\" in proxy.tls.clientCertificates");
        }
        return new CertificateConfig(
                in.get("subjects", List.of(), names -> names.filledList(CertificateConfig::readSubject, EXPECTED)));
    }

    private static X500Principal readSubject(Cursor at) throws InvalidValueException {
        String expected = "a name such as \"CN=ada,O=Example\", as of openssl x509 -noout -subject -nameopt RFC2253";
        try {
            return new X500Principal(at.text("a certificate's subject", expected));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("is not a certificate's subject", expected);
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        subjects.forEach(subject -> json.withArray("subjects").add(subject.getName()));
        return json;
    }
}
