"""Programs the measuring scripts need, installed where that may be done, and the page their tables go to."""

import os
import shutil
import subprocess
import sys

from servers import REPO, say

RESULTS = REPO / "docs" / "performance.md"


def require_tools(*names):
    missing = [tool for tool in names if not shutil.which(tool, path=search_path())]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing " + " ".join(missing))
        # nginx-light so that nothing is started as a service.
        packages = [{"nginx": "nginx-light", "h2load": "nghttp2-client"}.get(tool, tool) for tool in missing]
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, **quiet)
        missing = [tool for tool in missing if not shutil.which(tool, path=search_path())]
    if missing:
        sys.exit("bench: missing " + " and ".join(missing) + "; install them and run it again")


def search_path():
    return os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin"


def write_results(script, table):
    """Puts the table into docs/performance.md, between the marks that name the script."""
    begin, end = f"<!-- {script}: begin -->", f"<!-- {script}: end -->"
    before, rest = RESULTS.read_text().split(begin, 1)
    _, after = rest.split(end, 1)
    RESULTS.write_text(f"{before}{begin}\n{table.rstrip()}\n{end}{after}")
    say(f"written to {RESULTS.relative_to(REPO)}")


def make_certificate(folder):
    """A certificate for localhost and its key, in PEM: the two files."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key
