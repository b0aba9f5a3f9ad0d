"""A turn of load on one of several proxies, and what its processes used meanwhile."""

import threading

from loads import CONNECTIONS, wrk


def turn(proxy, load):
    """What the load saw, with the proxy's processor time in microseconds for each exchange and its memory in MiB."""
    used_before = proxy.cpu_seconds()
    with PeakMemory(proxy) as memory:
        seen = load(proxy)
    used = proxy.cpu_seconds() - used_before
    return {**seen, "cpu": used / max(1, seen["count"]) * 1e6, "memory": memory.peak_kib / 1024}


def small_answers(seconds, connections=CONNECTIONS):
    """The load that most figures are about."""
    return lambda proxy: wrk(f"http://127.0.0.1:{proxy.port}/", seconds, connections)


class PeakMemory:
    """The most that a proxy's processes hold together, looked at four times a second."""

    def __init__(self, proxy):
        self.proxy, self.peak_kib = proxy, 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        while not self.done.wait(0.25):
            self.peak_kib = max(self.peak_kib, self.proxy.resident_kib())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
