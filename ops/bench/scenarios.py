"""The ways in which ops/bench/run loads proxies: what with, which of them, and what must come of it."""

import contextlib
import hashlib
import http.client
import os
import pathlib
import ssl
import subprocess
import zlib
from dataclasses import dataclass, field
from typing import Callable

from loads import HERE, download, h2load, open_load, wire, wrk
from nginx import BIG, Nginx
from peers import KEY, PEERS, nginx, portway_bare, portway_with_routes, portway_with_rules
from servers import Server, free_ports

HELLO = b"Hello, World!"
UPLOAD = b"Portway!" * 131072
WITH_TLS = ("nginx", "Portway", "HAProxy", "Caddy")
KEY_FIELD = f"X-Api-Key: {KEY}"
LUA = {"PORTWAY_BENCH": str(HERE)}


@dataclass
class Scenario:
    """One way to load proxies.

    load -- (proxy, seconds, bench) to what was seen; the rate is of what unit says
    peers -- names of peers.PEERS, all of them if None
    others -- more proxies, by name: how each is started
    warm -- what makes a proxy warm, if not the load itself
    check -- (proxy) to what is wrong with an answer, byte by byte, or None
    tls -- whether proxies listen for TLS, too; it is no part of anyone's defaults
    crowd -- whether more goes on at once than Portway's defaults let go to one backend
    """

    label: str
    load: Callable
    check: Callable
    backend: str = "answers"
    peers: tuple | None = None
    others: dict = field(default_factory=dict)
    unit: str = "requests"
    warm: Callable | None = None
    tls: bool = False
    crowd: bool = False

    def proxies(self, setting, wanted):
        names = [name for name in (self.peers or PEERS) if name in wanted]
        made = [PEERS[name](setting) for name in names]
        return made + [make(setting) for make in self.others.values()]


def answer_of(proxy, path="/", method="GET", body=None, fields=None, secure=False):
    if secure:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", proxy.tls_port, timeout=30, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, body, fields or {})
        response = connection.getresponse()
        return response.status, response.read()


def expect(status, answer, **asked):
    def check(proxy):
        got = answer_of(proxy, **asked)
        return None if got == (status, answer) else f"answered {got[0]} and {len(got[1]):,} bytes, not what the backend sends"
    return check


def huge_is_whole(proxy):
    """Compared in a stream: it is larger than one likes to hold."""
    with subprocess.Popen(["curl", "-s", f"http://127.0.0.1:{proxy.port}/huge"], stdout=subprocess.PIPE) as curl:
        sum_, size = hashlib.sha1(), 0
        while part := curl.stdout.read(1 << 20):
            size += len(part)
            sum_.update(part)
    zeros = hashlib.sha1()
    for _ in range(BIG >> 20):
        zeros.update(bytes(1 << 20))
    return None if size == BIG and sum_.digest() == zeros.digest() else f"sent {size:,} bytes of {BIG:,}, or others"


def compared_as_they_come(proxy):
    return None  # Wire.java compares each


def plain(path="/", connections=64, fields=(), script=None):
    named = {"script": HERE / script} if script else {}
    return lambda proxy, seconds, bench: wrk(
        f"http://127.0.0.1:{proxy.port}{path}", seconds, connections, fields=fields, **named)


SCENARIOS = {
    "small": Scenario("13 bytes, 64 connections", plain(), expect(200, HELLO), others={"bare": portway_bare}),
    "one": Scenario("13 bytes, 1 connection", plain(connections=1), expect(200, HELLO)),
    "thousand": Scenario("13 bytes, 1,000 connections", plain(connections=1000), expect(200, HELLO), crowd=True),
    "new": Scenario("13 bytes, a connection for each", plain(fields=("Connection: close",)), expect(200, HELLO), peers=WITH_TLS),
    "tls": Scenario(
        "13 bytes over TLS", lambda proxy, seconds, bench: wrk(f"https://127.0.0.1:{proxy.tls_port}/", seconds),
        expect(200, HELLO, secure=True), peers=WITH_TLS, tls=True),
    "h2": Scenario(
        "13 bytes over HTTP/2, 8 connections of 32 streams",
        lambda proxy, seconds, bench: h2load(f"https://127.0.0.1:{proxy.tls_port}/", seconds),
        expect(200, HELLO, secure=True), peers=WITH_TLS, tls=True),
    "large": Scenario(
        "100 kB", plain("/large"), expect(200, bytes(i * 31 % 251 for i in range(100_000)), path="/large")),
    "upload": Scenario(
        "1 MiB uploads", plain("/upload", connections=16, script="upload.lua"),
        expect(200, b"%08x" % zlib.crc32(UPLOAD), path="/upload", method="POST", body=UPLOAD), backend="wire", peers=WITH_TLS),
    "huge": Scenario(
        "1 GiB download", lambda proxy, seconds, bench: download(f"http://127.0.0.1:{proxy.port}/huge", seconds, BIG),
        huge_is_whole, peers=WITH_TLS, unit="bytes"),
    "routes": Scenario(
        "13 bytes, many routes", plain(), expect(200, HELLO), peers=("Portway",),
        others={"nginx": lambda setting: named(nginx(setting, 1000), "nginx, 1,000 locations"),
                "1000": portway_with_routes(1000), "10000": portway_with_routes(10_000)}),
    "rules": Scenario(
        "13 bytes, every rule", plain(fields=(KEY_FIELD,)),
        expect(200, HELLO, fields={"X-Api-Key": KEY}), peers=("nginx",), others={"rules": portway_with_rules}),
    "events": Scenario(
        "1,000 event streams", lambda proxy, seconds, bench: wire(bench.classes, "events", proxy.port, 1000, seconds),
        compared_as_they_come, backend="wire", peers=WITH_TLS, unit="events", crowd=True),
    "sockets": Scenario(
        "1,000 WebSockets", lambda proxy, seconds, bench: wire(bench.classes, "echo", proxy.port, 1000, seconds),
        compared_as_they_come, backend="wire", peers=WITH_TLS, unit="echoes", crowd=True),
    "open": Scenario(
        "13 bytes, open load at half of nginx's rate",
        lambda proxy, seconds, bench: open_load(bench.classes, proxy.port, bench.half_rate(), seconds),
        expect(200, HELLO), peers=WITH_TLS, warm=plain()),  # a cold proxy would be swamped with connections
}


def named(server, name):
    server.name = name
    return server


def backend(kind, folder, classes):
    port = free_ports(1)[0]
    if kind == "answers":
        return Nginx.backend(folder, port)
    command = ["java", "-XX:+UseSerialGC", "-Xmx512m", "-cp", str(classes), "Wire", "serve", str(port)]
    return Server("backend", command, port)
