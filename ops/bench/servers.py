"""Servers that a measuring script starts and ends by their process ids, and what the system accounts to them."""

import contextlib
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import time

REPO = pathlib.Path(__file__).resolve().parents[2]
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
START_LIMIT_SECONDS = 60


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [s.getsockname()[1] for s in sockets]


def raise_file_limit(files):
    """What this process and the servers it starts from here on may open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < files:
        sys.exit(f"bench: {most} open files are allowed (expected: {files}; see ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))


class Server:
    """A server that this script starts and ends by its process id."""

    def __init__(self, name, command, port, environment=None):
        self.name, self.command, self.port = name, command, port
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.idle_kib = 0

    def start(self):
        """Starts it and gives the seconds from exec to the first good answer."""
        began = time.perf_counter()
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not answers(self.port):
            if self.process.poll() is not None:
                sys.exit(f"bench: {self.name} ended: " + self.process.stderr.read().decode(errors="replace"))
            if time.perf_counter() - began > START_LIMIT_SECONDS:
                self.stop()
                sys.exit(f"bench: {self.name} did not answer within {START_LIMIT_SECONDS} s")
            time.sleep(0.004)
        return time.perf_counter() - began

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stderr.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def processes(self):
        return [self.process.pid, *descendants(self.process.pid)]

    def cpu_seconds(self):
        return sum(cpu_ticks(pid) for pid in self.processes()) / TICKS_PER_SECOND

    def resident_kib(self):
        return sum(status_kib(pid, "VmRSS") for pid in self.processes())


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith((b"HTTP/1.1 200", b"HTTP/1.1 401"))  # a route may ask for a key
    except OSError:
        return False


def descendants(pid):
    try:
        children = [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [found for child in children for found in [child, *descendants(child)]]


def cpu_ticks(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def status_kib(pid, key):
    try:
        found = re.search(rf"^{key}:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def say(line):
    print("bench: " + line, file=sys.stderr, flush=True)
