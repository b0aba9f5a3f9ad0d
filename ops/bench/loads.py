"""Kinds of load, and what each saw: how many exchanges there were and how many a second, times in milliseconds, and errors."""

import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPORT = HERE / "report.lua"
CONNECTIONS = 64
SETTLE_SECONDS = 4  # of the open load: Java compiles its generator meanwhile, which holds up what is due
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def wrk(url, seconds, connections=CONNECTIONS, script=REPORT, fields=()):
    """As fast as it is answered, over connections that are kept."""
    command = ["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
    command += [argument for field in fields for argument in ("-H", field)]
    output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    numbers = re.search(r"^REPORT (.*)$", output, re.MULTILINE).group(1).split()
    count, micros, p50, p99, p999, errors = (float(number) for number in numbers)
    return seen(count, micros / 1e6, [p50 / 1e3, p99 / 1e3, p999 / 1e3], errors)


def h2load(url, seconds, connections=8, streams=32):
    """Over HTTP/2, many streams to a connection."""
    with tempfile.NamedTemporaryFile(prefix="portway-bench-") as log:
        command = ["h2load", "-t2", f"-c{connections}", f"-m{streams}", f"-D{seconds}", f"--log-file={log.name}", url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        lines = [line.split() for line in log.read().decode().splitlines()]
    good = int(re.search(r"status codes: (\d+) 2xx", output).group(1))
    failed = int(re.search(r"(\d+) failed", output).group(1))
    times = sorted(int(micros) / 1e3 for _, status, micros in lines)
    return seen(good, seconds, quantiles(times), failed + sum(status != "200" for _, status, _ in lines))


def download(url, seconds, size):
    """One large answer after the other, for at least so long; in bytes."""
    count, spent, errors = 0, 0.0, 0
    while spent < seconds:
        form = "%{http_code} %{size_download} %{time_total}"
        output = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", form, url], capture_output=True, text=True, check=False).stdout
        status, received, took = output.split()
        errors += status != "200" or int(received) != size
        count, spent = count + int(received), spent + float(took)
    return seen(count, spent, [None] * 3, errors)


def wire(classes, kind, port, connections, seconds):
    """Event streams or WebSockets, as many as there are connections (Wire.java)."""
    count, bad, *times = java(classes, "Wire", kind, port, connections, seconds).split()
    return seen(int(count), seconds, [float(time) for time in times], int(bad))


def open_load(classes, port, rate, seconds):
    """So many requests a second, however long the answers take, over as many connections as wrk has; times count from when a
    request is due (OpenLoad.java)."""
    with tempfile.NamedTemporaryFile(prefix="portway-bench-") as log:
        java(classes, "OpenLoad", port, "/", rate, SETTLE_SECONDS + seconds, 5, log.name, CONNECTIONS)
        lines = [line.split(",")[:3] for line in log.read().decode().splitlines()]
    times = sorted(int(micros) / 1e3 for millis, micros, _ in lines if int(millis) >= SETTLE_SECONDS * 1000)
    return seen(len(lines), SETTLE_SECONDS + seconds, quantiles(times), sum(status != "200" for _, _, status in lines))


def java(classes, main, *arguments):
    """What one of the load generators in Java printed; ends with what it complained of."""
    command = ["java", "-XX:+UseSerialGC", "-cp", str(classes), main, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: {main} failed: {done.stderr}")
    return done.stdout


@contextlib.contextmanager
def idle(connect, count):
    """Keeps count connections that have served two requests each, since a second one may cost memory that the first does not;
    connect makes the one of a number."""
    with contextlib.ExitStack() as kept:
        for number in range(count):
            connection = kept.enter_context(connect(number))
            ask(connection)
            ask(connection)
        yield


def ask(connection):
    """One request, and its answer read to the end."""
    connection.sendall(REQUEST)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
    while len(body) < length:
        body += more(connection)


def more(connection):
    read = connection.recv(4096)
    if not read:
        sys.exit("bench: a connection was closed before its answer was whole")
    return read


def seen(count, seconds, times, errors):
    return {"count": count, "rate": count / seconds, "p50": times[0], "p99": times[1], "p999": times[2], "errors": int(errors)}


def quantiles(times):
    return [times[int(share * (len(times) - 1))] if times else float("nan") for share in (0.5, 0.99, 0.999)]
