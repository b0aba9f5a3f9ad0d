package dev.portway.policy.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One way to ask for a secret that looks like something else.
 *
 * @param kind what it plays with
 * @param target path and query
 * @param fields each {@code Name: value}
 */
record Trick(Kind kind, String method, String target, List<String> fields) {

    enum Kind {
        PATH,
        TARGET_FIELD,
        METHOD,
        HOST,
        USER,
        CREDENTIAL
    }

    private static final List<String> PATHS = List.of(
            "/admin",
            "/admin/",
            "/Admin/",
            "/admin/users?a=b",
            "/%61dmin",
            "/%41DMIN",
            "/%2561dmin",
            "/%61%64%6d%69%6e/",
            "/%u0061dmin",
            "//admin",
            "///admin//",
            "/./admin",
            "/x/../admin/",
            "/x/../../admin",
            "/x/%2e%2e/admin/",
            "/x/%2E./admin",
            "/x//../../admin",
            "/x/%252e%252e/admin",
            "/x/%c0%ae%c0%ae/admin",
            "/x%2f..%2fadmin",
            "/x/..%2fadmin",
            "/x%252f..%252fadmin",
            "/x%5c..%5cadmin",
            "/x\\..\\admin",
            "/%5cadmin",
            "/x/..;/admin",
            "/x/..;a=b/admin",
            "/x/%2e%2e;/admin",
            "/x/..%3b/admin",
            "/admin/..;/admin",
            "/admin;x=1",
            "/admin%3bx",
            "/admin;/",
            "/;/admin",
            "/;a=b/admin",
            "/.;/admin",
            "/%2fadmin",
            "/%2e/admin",
            "/%c0%afadmin",
            "/admin.",
            "/admin%20",
            "/admin%09",
            "/%09admin",
            "/%20admin",
            "/ad%0amin",
            "/admin%1f",
            "/admin%a0",
            "/admin%00",
            "/admin%00/x",
            "/admin%3fx",
            "/admin%23x");

    private static final List<String> TARGET_FIELDS = List.of(
            "X-Original-URL",
            "x-original-url",
            "X_Original_URL",
            "X-Original_URL",
            "X-Original-URI",
            "X-Original-Path",
            "X-Rewrite-URL",
            "X_REWRITE_URL",
            "X.Rewrite.Url",
            "X-Override-URL",
            "X-Request-URI",
            "X-Matched-Path",
            "X-Invoke-Path",
            "X-Forwarded-Uri",
            "X-Forwarded-Path",
            "X_Forwarded_Uri",
            "PATH_INFO");

    /** The request line up to the version, with this for its target. */
    String line(String form) {
        return method + ' ' + form;
    }

    /** Those that no credentials belong to; the backend alone falls for each. */
    static List<Trick> all() {
        List<Trick> all = new ArrayList<>();
        PATHS.forEach(path -> all.add(new Trick(Kind.PATH, "GET", path, List.of())));
        for (String method : List.of("HEAD", "POST", "OPTIONS", "PROPFIND")) {
            all.add(new Trick(Kind.PATH, method, "/x/..;/admin", List.of()));
        }
        all.add(new Trick(
                Kind.PATH,
                "OPTIONS",
                "/admin",
                List.of("Origin: http://a.test", "Access-Control-Request-Method: GET")));
        TARGET_FIELDS.forEach(
                name -> all.add(new Trick(Kind.TARGET_FIELD, "GET", "/open", List.of(name + ": /admin"))));
        for (String name : List.of("SCRIPT_NAME", "X-Script-Name")) {
            all.add(new Trick(Kind.TARGET_FIELD, "GET", "/open/admin", List.of(name + ": /open")));
        }
        all.add(new Trick(
                Kind.TARGET_FIELD, "GET", "/open", List.of("X-Original-URL: /open", "X-Original-URL: /admin")));
        Stream.of(
                        List.of("X-HTTP-Method-Override: DELETE"),
                        List.of("x-http-method-override: delete"),
                        List.of("X_HTTP_Method_Override: DELETE"),
                        List.of("X-HTTP-Method: DELETE"),
                        List.of("X-Method-Override: GET, DELETE"),
                        List.of("X-HTTP-Method-Override: GET", "X-HTTP-Method-Override: DELETE"),
                        List.of("X-Original-Method: DELETE"),
                        List.of("X-Forwarded-Method: DELETE"))
                .forEach(fields -> all.add(new Trick(Kind.METHOD, "POST", "/open", fields)));
        all.add(new Trick(Kind.METHOD, "DELETE", "/open", List.of()));
        all.add(new Trick(Kind.METHOD, "POST", "/open?_method=DELETE", List.of()));
        all.add(new Trick(Kind.METHOD, "POST", "/open?a=b&%5fmethod=%44ELETE", List.of()));
        for (String name :
                List.of("X-Host", "X-Forwarded-Host", "X_Forwarded_Host", "X-Original-Host", "X-HTTP-Host-Override")) {
            all.add(new Trick(Kind.HOST, "GET", "/open", List.of(name + ": admin.test")));
        }
        for (String name : List.of("X-Auth-User", "x-auth-user", "X_Auth_User", "X-Auth_User", "X.Auth.User")) {
            all.add(new Trick(Kind.USER, "GET", "/open", List.of(name + ": root")));
        }
        return all;
    }

    /** Those that play with {@code line}, which has the right credentials in it. */
    static List<Trick> of(String line) {
        int colon = line.indexOf(':');
        String name = line.substring(0, colon);
        String value = line.substring(colon + 1).strip();
        return Stream.of(
                        List.<String>of(),
                        List.of(name + ":"),
                        List.of(name + ": " + value.substring(0, value.length() - 1)),
                        List.of(name + ": " + value + ", " + value),
                        List.of(line, line),
                        List.of(name + ": x", line),
                        List.of(line, name.toLowerCase(Locale.ROOT) + ": x"),
                        List.of(name.replace('-', '_') + "_: " + value),
                        List.of("X-" + line),
                        List.of("Proxy-" + line),
                        List.of("Connection: " + name),
                        List.of("Cookie: " + name + "=" + value))
                .map(fields -> new Trick(Kind.CREDENTIAL, "GET", "/admin", fields))
                .toList();
    }
}
