"""A turn of load on one of several proxies, and what its processes used meanwhile."""

import threading

from wrk import load


def turn(proxy, seconds, connections):
    """One turn of wrk: what it saw, and what the proxy's processes used meanwhile."""
    used_before = proxy.cpu_seconds()
    with PeakMemory(proxy) as memory:
        seen = load(f"http://127.0.0.1:{proxy.port}/", seconds, connections)
    used = proxy.cpu_seconds() - used_before
    return {**seen, "cpu": used / seen["requests"] * 1e6, "loaded": memory.peak_kib / 1024}


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
