"""Portway as a server that a measuring script starts: one route, nothing else, as people start it."""

from servers import REPO, Server


class Portway(Server):
    def __init__(self, folder, port, admin_port, backend_port, repo=REPO, name="portway"):
        config = folder / f"{name}.json"
        config.write_text(f"""{{
          "proxy": {{ "host": "127.0.0.1", "port": {port}, "admin": {{ "port": {admin_port} }} }},
          "routes": {{ "/": "http://127.0.0.1:{backend_port}" }},
          "default": {{ "target": null }},
          "logging": {{ "level": "WARN", "access": false }}
        }}""")
        super().__init__(name, [str(repo / "proxy"), "start", "-c", str(config)], port)
