package dev.portway.config;

import java.net.URI;
import java.net.URISyntaxException;

/** Addresses of services that the proxy itself asks. */
final class ServiceUrl {

    private static final String EXPECTED = "a URL such as \"https://login.example/keys\"";

    private ServiceUrl() {}

    /** One of http or https, without a name and password in it. */
    static URI read(Cursor at) throws InvalidValueException {
        String text = at.text("a URL", EXPECTED);
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidValueException("is not a URL", EXPECTED);
        }
        boolean http = "http".equals(url.getScheme());
        if ((!http && !"https".equals(url.getScheme())) || url.getHost() == null || url.getRawFragment() != null) {
            throw new InvalidValueException("is not a URL", EXPECTED);
        }
        if (url.getRawUserInfo() != null) {
            throw new InvalidValueException("has a name or a password in it", EXPECTED);
        }
        if (http && !Listeners.isLoopback(url.getHost())) {
            at.warning(
                    at.shown() + " is asked in clear text: whoever is on the way can let anybody in (better: https)");
        }
        return url;
    }
}
