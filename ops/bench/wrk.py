"""A turn of wrk, the load generator, and what it saw."""

import re
import subprocess

from servers import say


def load(url, seconds, connections):
    """Loads url as fast as it answers: requests per second, latency in milliseconds, and how many requests that were."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        say("  NOT ALL ANSWERS WERE GOOD: " + " ".join(re.findall(r"(?:Non-2xx|Socket errors).*", output)))
    return {
        "requests": int(re.search(r"(\d+) requests in", output).group(1)),
        "throughput": float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
        "p50": milliseconds(re.search(r"^ +50% +(\S+)", output, re.MULTILINE).group(1)),
        "p99": milliseconds(re.search(r"^ +99% +(\S+)", output, re.MULTILINE).group(1)),
    }


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]
