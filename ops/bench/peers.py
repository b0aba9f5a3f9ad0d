"""What ops/bench/run measures: Portway, and what people use instead. Each as its own documentation sets it up, with room for
as many connections to the backend as the load opens."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from nginx import Nginx
from portway import Portway
from servers import Server, free_ports, say
from tools import search_path

HERE = pathlib.Path(__file__).resolve().parent
JAVA_PEERS = {"Undertow": "undertow", "Vert.x": "vertx", "Spring Cloud Gateway": "spring-gateway"}


CROWD = 4000


class Setting:
    """Where proxies are to be started: a folder, the port of the backend, a certificate's two files where TLS is asked for, and
    whether more requests go on at once than Portway lets go to one backend unless it is told."""

    def __init__(self, folder, backend_port, certificate=None, crowd=False):
        self.folder, self.backend_port, self.certificate, self.crowd = folder, backend_port, certificate, crowd


def nginx(setting, others=0):
    port, tls = free_ports(2)
    secure = (tls, *setting.certificate) if setting.certificate else None
    return secured(Nginx.proxy(setting.folder, port, setting.backend_port, secure, others), tls)


def portway(setting, name="Portway", make=Portway, **sections):
    port, admin, tls = free_ports(3)
    if setting.certificate:
        certificate, key = setting.certificate
        sections["proxy"] = {"tls": {"port": tls, "certificate": str(certificate), "key": str(key)}}
    if setting.crowd:
        sections["proxy"] = {**sections.get("proxy", {}), "limits": {"backendConnections": CROWD}}
    return secured(make(setting.folder, port, admin, setting.backend_port, name=name, **sections), tls)


def runs_on_java(proxy):
    """Whether it is compiled while it runs: under a new load it takes ten seconds and more to be as fast as it gets."""
    return proxy.name.startswith(("Portway", *JAVA_PEERS))


def portway_bare(setting):
    return portway(setting, "Portway, bare", Portway.bare)


def portway_with_routes(count):
    """Beside the route that is asked for, so many others, by host and by path."""
    def make(setting):
        others = {f"host{i}.local/part{i % 50}" if i % 2 else f"/other{i}": setting.backend_port for i in range(count)}
        return portway(setting, f"Portway, {count:,} routes", routes=others)
    return make


def portway_with_rules(setting):
    """A route that has a rule of every kind."""
    return portway(setting, "Portway, every rule", route={
        "rateLimit": [{"requests": 1_000_000, "per": "1s"}, {"concurrent": 10_000}],
        "clients": {"allow": ["127.0.0.0/8"]},
        "auth": {"apiKey": {"keys": {"bench": "sha256:" + hashlib.sha256(KEY.encode()).hexdigest()}}},
        "cors": {"origins": ["https://app.example"]},
        "filter": {"methods": ["GET"], "blockedPaths": ["/private"], "maxUrl": "2KiB", "response": {"statuses": ["200-399"]}},
        "rewrite": {"stripPrefix": True},
        "request": {"query": {"set": {"from": "bench"}}, "headers": {"set": {"X-Client": "{client.ip}"}, "remove": ["Cookie"]}},
        "response": {"headers": {"set": {"X-Route": "{route.id}"}}, "securityHeaders": True},
        "compression": True,
    })


def haproxy(setting):
    port, tls = free_ports(2)
    secure = ""
    if setting.certificate:
        both = setting.folder / "both.pem"
        both.write_text("".join(part.read_text() for part in setting.certificate))
        secure = f"bind 127.0.0.1:{tls} ssl crt {both} alpn h2,http/1.1"
    config = setting.folder / f"haproxy-{port}.cfg"
    config.write_text(f"""
global
  nbthread {os.cpu_count()}
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  option http-keep-alive
  http-reuse always
frontend clients
  bind 127.0.0.1:{port} backlog 8192
  {secure}
  default_backend servers
backend servers
  option forwardfor
  server one 127.0.0.1:{setting.backend_port}
""")
    return secured(Server("HAProxy", [shutil.which("haproxy", path=search_path()), "-f", str(config)], port), tls)


def caddy(setting):
    port, tls = free_ports(2)
    secure = ""
    if setting.certificate:
        certificate, key = setting.certificate
        secure = f"""
https://:{tls} {{
  bind 127.0.0.1
  tls {certificate} {key}
  import backend
}}
"""
    config = setting.folder / f"Caddyfile-{port}"
    config.write_text(f"""
{{
  admin off
  auto_https off
}}
(backend) {{
  reverse_proxy 127.0.0.1:{setting.backend_port} {{
    transport http {{
      keepalive_idle_conns_per_host 1024
    }}
  }}
}}
http://:{port} {{
  bind 127.0.0.1
  import backend
}}
{secure}
""")
    command = [shutil.which("caddy", path=search_path()), "run", "--config", str(config), "--adapter", "caddyfile"]
    places = {"HOME": str(setting.folder), "XDG_DATA_HOME": str(setting.folder), "XDG_CONFIG_HOME": str(setting.folder)}
    return secured(Server("Caddy", command, port, places), tls)


def java_peer(name):
    def make(setting):
        place = HERE / "peers" / JAVA_PEERS[name]
        if not (place / "target" / "lib").exists():
            say(f"fetching {name}")
            built = subprocess.run(["mvn", "-q", "-B", "-ntp", "process-classes"], cwd=place, stdin=subprocess.DEVNULL, check=False)
            if built.returncode:
                sys.exit(f"bench: {name} could not be fetched; what went wrong stands above")
        port = free_ports(1)[0]
        classes = os.pathsep.join([str(place / "target" / "classes"), str(place / "target" / "lib" / "*")])
        return secured(Server(name, ["java", "-cp", classes, "Peer", str(port), str(setting.backend_port)], port), None)
    return make


def secured(server, tls_port):
    server.tls_port = tls_port
    return server


KEY = "no-secret-but-the-key-of-a-benchmark"
PEERS = {"nginx": nginx, "Portway": portway, "HAProxy": haproxy, "Caddy": caddy,
         **{name: java_peer(name) for name in JAVA_PEERS}}
