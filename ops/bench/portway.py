"""Portway as a server that a measuring script starts, by the launcher that people use."""

import json

from servers import REPO, Server


class Portway(Server):
    def __init__(self, folder, port, admin_port, backend_port, repo=REPO, name="portway", **sections):
        """One route for everything, and nothing else but the sections given; bare, it records nothing of its own accord."""
        config = folder / f"{name}-{port}.json"
        target = f"http://127.0.0.1:{backend_port}"
        proxy = {"host": "127.0.0.1", "port": port, "admin": {"port": admin_port}, **sections.pop("proxy", {})}
        config.write_text(json.dumps({
            "proxy": proxy, "routes": {"/": {"target": target, **sections.pop("route", {})}, **sections.pop("routes", {})},
            "default": {"target": None}, **sections}))
        super().__init__(name, [str(repo / "proxy"), "start", "-c", str(config)], port)

    @classmethod
    def bare(cls, *arguments, **named):
        """Without an access log, and with no word but of trouble."""
        return cls(*arguments, **named, logging={"level": "WARN", "access": False})
