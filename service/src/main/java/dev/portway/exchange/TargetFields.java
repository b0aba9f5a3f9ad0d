package dev.portway.exchange;

import java.util.List;
import org.eclipse.jetty.http.HttpField;

/**
 * Fields in which a proxy says what it was asked for before it made another request of it. Some backends heed them in place of
 * the request line and of {@code Host}, so what a client says in them leads to other places than those that rules have
 * looked at.
 */
public final class TargetFields {

    private static final FieldNames NAMES = new FieldNames(List.of(
            "X-Original-URL", // IIS; Symfony, Laminas, WordPress
            "X-Rewrite-URL", // ISAPI_Rewrite; Yii, Zend
            "X-Original-URI",
            "X-Original-Path",
            "X-Original-Pathname",
            "X-Original-Host",
            "X-Original-Method",
            "X-Rewrite-URI",
            "X-Rewrite-Path",
            "X-Override-URL",
            "X-Request-URI",
            "X-HTTP-DestinationURL",
            "X-Matched-Path",
            "X-Invoke-Path",
            "X-Envoy-Original-Path",
            "X-Forwarded-URI",
            "X-Forwarded-URL",
            "X-Forwarded-Path",
            "X-Forwarded-Method",
            "X-Host",
            "X-HTTP-Host-Override",
            "X-Script-Name",
            "Script-Name", // gunicorn takes as much off the path's beginning
            "Path-Info"));

    private TargetFields() {}

    /** Whether {@code field} is one of them, or may be taken for one. */
    public static boolean contain(HttpField field) {
        return field.getHeader() == null && NAMES.cover(field.getName());
    }
}
