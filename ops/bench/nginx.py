"""nginx as a server that a measuring script starts: a backend that answers from memory, or a proxy to compare with."""

import os
import shutil

from servers import Server
from tools import search_path


class Nginx(Server):
    @classmethod
    def backend(cls, folder, port):
        server = f'server {{ listen 127.0.0.1:{port}; location / {{ return 200 "Hello, World!"; }} }}'
        return cls("backend", folder, port, 1, server)

    @classmethod
    def proxy(cls, folder, port, backend_port):
        server = f"""
            upstream backend {{ server 127.0.0.1:{backend_port}; keepalive 128; keepalive_requests 100000000; }}
            server {{
              listen 127.0.0.1:{port};
              location / {{
                proxy_pass http://backend;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_set_header Host $http_host;
                proxy_set_header X-Forwarded-For $remote_addr;
              }}
            }}"""
        return cls("nginx", folder, port, os.cpu_count(), server)

    def __init__(self, name, folder, port, workers, server):
        prefix = folder / name
        prefix.mkdir()
        config = prefix / "nginx.conf"
        temporary = "".join(f"{kind}_temp_path {prefix}/{kind};" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config.write_text(f"""
            daemon off; pid {prefix}/pid; error_log stderr crit; worker_processes {workers};
            events {{ worker_connections 4096; }}
            http {{ access_log off; keepalive_requests 100000000; {temporary} {server} }}""")
        nginx = shutil.which("nginx", path=search_path())
        super().__init__(name, [nginx, "-p", str(prefix), "-e", "stderr", "-c", str(config)], port)
