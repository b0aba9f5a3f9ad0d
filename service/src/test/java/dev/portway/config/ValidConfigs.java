package dev.portway.config;

import dev.portway.TestCertificate;
import dev.portway.TestCertificates;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Configurations that are taken, and use every key there is. */
final class ValidConfigs {

    static final Map<String, String> ENVIRONMENT =
            Map.of("PORT", "3000", "TOKEN", "abc", "FLAG", "true", "SECRET", "0123456789abcdef");

    private ValidConfigs() {}

    static ReadResult read(String text) {
        return new ConfigReader(ENVIRONMENT::get).read(text, ConfigFormat.JSON, Path.of("config.json"));
    }

    static Stream<String> all() {
        return Stream.of(SMALLEST, OBJECT_FORM, EVERYTHING, TARGETS, PLACEHOLDERS);
    }

    static final String SMALLEST = """
            { "proxy": { "port": 0 }, "routes": [], "default": { "target": null } }
            """;

    static final String OBJECT_FORM = """
            {
              "proxy": { "port": 8080 },
              "routes": {
                "api.local": 3001,
                "/web": "http://localhost:8001",
                "shop.local/cart": [9001, "http://localhost:9002", { "url": 9003, "weight": 2 }],
                "*.apps.local": { "targets": [3002, 3003], "loadBalancing": "random" },
                "[::1]/x": { "id": "six", "target": 3004 }
              },
              "default": { "target": "none" }
            }
            """;

    static final String EVERYTHING = """
            {
              "$schema": "./config.schema.json",
              "proxy": {
                "host": "::",
                "port": 8080,
                "admin": { "host": "10.0.0.1", "port": 8081, "token": "${TOKEN}", "allowedHosts": ["admin.example"] },
                "timeouts": {
                  "connect": "500ms", "header": "1s", "upload": "none", "response": "1m", "stream": "1h", "tunnel": "1h",
                  "pool": "1s", "keepAlive": "1s", "request": "none", "shutdown": "10s"
                },
                "limits": { "connections": 1, "headerBytes": "1MiB", "backendConnections": 1, "eventLoops": 4,
                  "uploadRate": "1KiB", "checks": 8, "heldRequests": 10, "heldBytes": "2KiB",
                  "connectionRate": { "connections": 5, "per": "1s", "burst": 10 } },
                "trustedProxies": ["10.0.0.0/8", "::1", "2001:db8::/32", "192.0.2.7"],
                "proxyProtocol": true,
                "dns": "[::1]:5353",
                "tls": { "port": 8443, "certificate": "CERTIFICATE", "key": "KEY",
                  "clientCertificates": { "ca": "CERTIFICATE", "required": true } },
                "tunnel": {
                  "enabled": false, "rateLimit": { "requests": 5, "per": "1m" },
                  "allow": ["*:443", "db.internal:5432", "*.example.org:*", "10.0.0.0/8:*", "[fd00::/8]:22", "[::1]:22"]
                }
              },
              "routes": [
                {
                  "id": "a.B_c-1",
                  "host": ["API.localhost", "*.local", "b\u00fccher.example", "127.0.0.1", "::1"],
                  "path": "/caf\u00e9/%7euser/%2f;x=1/",
                  "methods": ["GET", "PROPFIND"],
                  "headers": { "X-Env": "test", "X-Any": "*" },
                  "enabled": false,
                  "metadata": { "owner": "team-a", "nested": { "list": [1, 2.5, null, true] } },
                  "targets": [
                    { "url": "https://example.com:8443/base/?a=b", "weight": 0, "state": "drain", "resolve": "all" },
                    { "url": 3001, "weight": 1000, "state": "down", "health": { "path": "/own", "fall": 1 } },
                    { "url": "http://[2001:db8::1]/", "state": "up", "maxConcurrent": 10,
                      "maxRequests": { "requests": 100, "per": "1m" }, "slowStart": "30s" },
                    { "url": "http://_http._tcp.app.example", "resolve": "srv" },
                    3002
                  ],
                  "loadBalancing": "two-choices",
                  "health": {
                    "path": "/health?deep=1", "interval": "10s", "timeout": "2s", "rise": 2, "fall": 5,
                    "expect": "200-299", "method": "GET", "headers": { "Authorization": "x" }, "port": 9000, "body": "ok"
                  },
                  "ejection": {
                    "failures": 1, "failureRate": 100, "minRequests": 1, "window": "1s", "statuses": 503, "time": "1s",
                    "maxTime": "1s", "maxEjected": 100
                  },
                  "waitForBackend": "10s", "queue": { "requests": 10, "wait": "2s" },
                  "timeouts": {
                    "connect": "1s", "upload": "1s", "response": "none", "stream": "none",
                    "tunnel": "1m", "request": "1m"
                  },
                  "upgrades": ["websocket", "IRC/6.9"], "proxyProtocol": "v2",
                  "hostHeader": "app.example:8443",
                  "filter": {
                    "methods": ["GET"], "blockedPaths": ["/.git", "/%7euser/"],
                    "refusedPaths": ["dot-segments", "double-slashes", "encoded-slashes", "backslashes"],
                    "types": ["application/json", "image/*"], "maxBody": "1MiB", "maxHeaders": 50,
                    "maxHeaderBytes": "4KiB", "maxUrl": "2KiB",
                    "response": { "statuses": ["200-399", 404], "types": ["text/html"], "maxBody": "0B", "maxHeaders": 9,
                      "maxHeaderBytes": "1KiB" }
                  },
                  "cors": {
                    "origins": ["https://app.example", "https://b.example", "https://*.app.example:8443", "http://[::1]:5173"],
                    "methods": ["GET"], "headers": ["X-A"], "exposedHeaders": ["X-B"], "credentials": true, "maxAge": "1h"
                  },
                  "rateLimit": [
                    { "requests": 100, "per": "1s", "burst": 200, "key": "client" },
                    { "requests": 1000, "per": "24h", "key": "header:X-Api-Key" },
                    { "concurrent": 10, "key": "cookie:at" },
                    { "concurrent": 5, "key": "jwt:sub" }
                  ],
                  "request": {
                    "headers": {
                      "set": { "X-Client": "{client.ip} by {client.scheme}", "X-Json": "{\\"a\\": {}}", "X-None": "" },
                      "add": { "X-Route": "{route.id}", "X-Both": ["{request.id}", "{request.host}${TOKEN}"] },
                      "append": { "X-Path": "{request.path}?{request.query}" },
                      "remove": ["X-Old"]
                    },
                    "replaceHeaders": { "X-Method": "{request.method}" },
                    "method": "POST", "body": "{}", "forwardQuery": false,
                    "query": { "set": { "from": "{client.ip}" }, "remove": ["debug"] }
                  },
                  "response": { "headers": { "remove": ["Server"] }, "securityHeaders": true },
                  "clients": { "allow": ["10.0.0.0/8", "::1"], "deny": ["10.1.2.3"] },
                  "auth": {
                    "realm": "a b", "basic": { "file": "FILE" }, "paths": ["/admin"], "passCredentials": true,
                    "apiKey": {
                      "header": "X-Key", "query": "key", "file": "FILE", "keys": { "ci": "${SECRET}", "b": "sha256:HASH" }
                    },
                    "identity": { "X-User": "{auth.name}", "X-How": "{auth.method}", "X-Mail": "{jwt.email}" }
                  },
                  "rewrite": {
                    "stripPrefix": true, "pattern": "^/old/(.*)", "to": "/new/$1", "addPrefix": "/v1", "repair": false
                  },
                  "compression": { "codings": ["gzip", "br", "zstd"], "types": ["text/*", "application/*+json"], "minSize": "2KiB" }
                },
                { "target": 3003, "health": {}, "ejection": true, "queue": true, "hostHeader": "preserve", "filter": false,
                  "cors": false, "rateLimit": false, "request": false, "response": { "headers": false }, "clients": false,
                  "auth": false },
                { "path": "/jwt", "target": 3004, "auth": { "jwt": {
                  "jwks": "https://login.example/keys", "issuer": "https://login.example", "audience": ["api"],
                  "claims": { "groups": ["staff", "ops"], "email": "*" }, "leeway": "none", "name": "email" } } },
                { "path": "/ask", "target": 3004, "auth": { "forward": {
                  "url": "http://127.0.0.1:4180/check?a=b", "copy": ["X-User"], "name": "X-User", "timeout": "1s" } } },
                { "path": "/jwt2", "target": 3004, "auth": { "clientCertificate": { "subjects": ["CN=ada, O=Example"] }, "jwt": {
                  "secret": "${SECRET}${SECRET}", "audience": "api" } } },
                { "path": "/hash", "target": 3004, "loadBalancing": "hash", "sticky": true },
                { "path": "/header", "target": 3004, "loadBalancing": { "strategy": "hash", "key": "header:X-User" } },
                { "path": "/random", "target": 3004, "loadBalancing": { "strategy": "random" }, "sticky": false },
                { "path": "/sticky", "target": 3004, "sticky": { "name": "at", "secret": "${SECRET}" } },
                { "path": "/tcp", "target": 3003, "health": { "tcp": true }, "ejection": false, "queue": false,
                  "waitForBackend": "none" },
                { "path": "/status", "target": 3004, "health": { "expect": 204 }, "hostHeader": "target" },
                { "path": "/cors", "target": 3004, "cors": { "origins": "*", "headers": "*", "maxAge": "none" },
                  "rewrite": { "stripPrefix": "/cors" } },
                { "path": "/limit", "target": 3004, "rateLimit": { "concurrent": 1, "key": "route" } },
                { "path": "/moved", "redirect": { "to": "https://new.example{request.path}?{request.query}", "status": 301 } },
                { "path": "/here", "redirect": { "to": "/there" } },
                { "path": "/teapot", "respond": { "status": 418, "body": "short", "headers": { "X-A": "{request.id}" } } },
                { "path": "/empty", "respond": {}, "compression": false },
                { "path": "/small", "target": 3004, "compression": true }
              ],
              "default": { "target": "http://127.0.0.1:3000", "errorPages": {} },
              "logging": {
                "level": "debug", "format": "combined", "destination": "logs/access.log", "access": false,
                "type": "default", "loggers": { "dev.portway": "DEBUG" }, "appenders": []
              },
              "security": { "cors": {}, "rateLimit": {}, "auth": {}, "headers": {
                  "request": { "set": { "X-A": "b" } }, "response": { "remove": ["X-A"] }, "securityHeaders": true
              }, "filter": { "methods": ["GET", "PUT"] }, "compression": { "minSize": "4KiB" }, "rewrite": { "repair": false },
                "request": { "forwardQuery": true, "query": { "remove": ["utm_source"] } } },
              "server": { "maxThreads": 64, "adminMinThreads": 1 },
              "metrics": { "frequency": "1 minute" },
              "health": { "enabled": false }
            }
            """.replace(
                    "CERTIFICATE", TestCertificate.shared().certificatePem().toString())
            .replace("KEY", TestCertificate.shared().keyPem().toString())
            .replace("FILE", TestCertificate.shared().keyPem().toString())
            .replace("HASH", "0f".repeat(32));

    static final String TARGETS = """
            {
              "proxy": { "port": 8080 },
              "routes": [
                {
                  "targets": [
                    "https://a.example",
                    { "url": "H2://b.example", "tls": { "insecure": true } },
                    { "url": "https://c.example", "tls": { "pin": ["sha256/PIN=", "sha256/PIN="] } },
                    "h2c://localhost:50051",
                    "unix:/run/app.sock",
                    "unix:///run/app.sock"
                  ],
                  "tls": {
                    "ca": "AUTHORITY", "pin": "sha256/PIN=", "serverName": "App.example",
                    "certificate": "CERTIFICATE", "key": "KEY"
                  }
                }
              ],
              "default": { "target": "unix:/run/default.sock" }
            }
            """.replace("PIN", "A".repeat(43))
            .replace("AUTHORITY", TestCertificates.authority().toString())
            .replace(
                    "CERTIFICATE",
                    TestCertificates.certificate(TestCertificates.CLIENT).toString())
            .replace("KEY", TestCertificates.key(TestCertificates.CLIENT).toString());

    static final String PLACEHOLDERS = """
            {
              "proxy": { "port": "${NOT_SET:-8080}", "host": "${NOT_SET:-localhost}" },
              "routes": [
                { "host": "a${PORT}.local", "target": "${PORT}", "enabled": "${FLAG}" },
                { "path": "/b", "target": "http://localhost:${PORT}/x", "metadata": { "kept": "$${PORT}" } }
              ],
              "default": { "target": null }
            }
            """;
}
