"""nginx as a server that a measuring script starts: a backend that answers from memory, or a proxy to compare with."""

import os
import shutil

from servers import Server
from tools import search_path

BIG = 1 << 30


class Nginx(Server):
    @classmethod
    def backend(cls, folder, port):
        """A backend that answers 13 bytes from memory; 100 kB at /large and 1 GiB at /huge from the file cache."""
        files = folder / "files"
        files.mkdir()
        (files / "large").write_bytes(bytes(i * 31 % 251 for i in range(100_000)))
        with open(files / "huge", "wb") as huge:
            huge.truncate(BIG)
        server = f"""server {{
            listen 127.0.0.1:{port} backlog=8192;
            sendfile on; tcp_nopush on;
            location / {{ return 200 "Hello, World!"; }}
            location = /large {{ root {files}; }}
            location = /huge {{ root {files}; }}
          }}"""
        return cls("backend", folder, port, 1, server)

    @classmethod
    def proxy(cls, folder, port, backend_port, tls=None, others=0):
        """A proxy of everything to one backend.

        tls -- the port for HTTPS and HTTP/2 and the certificate's two files, if any
        others -- how many locations there are beside
        """
        secure = ""
        if tls:
            tls_port, certificate, key = tls
            secure = f"listen 127.0.0.1:{tls_port} ssl http2; ssl_certificate {certificate}; ssl_certificate_key {key};"
        locations = "".join(f"location /other{i}/ {{ return 404; }}" for i in range(others))
        server = f"""
            upstream backend {{ server 127.0.0.1:{backend_port}; keepalive 1024; keepalive_requests 100000000; }}
            map $http_upgrade $connection_field {{ "" ""; default Upgrade; }}
            server {{
              listen 127.0.0.1:{port} backlog=8192; {secure}
              client_max_body_size 0; http2_max_requests 100000000;
              {locations}
              location / {{
                proxy_pass http://backend;
                proxy_http_version 1.1;
                proxy_set_header Connection $connection_field;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Host $http_host;
                proxy_set_header X-Forwarded-For $remote_addr;
              }}
            }}"""
        return cls("nginx", folder, port, os.cpu_count(), server)

    def __init__(self, name, folder, port, workers, server):
        prefix = folder / f"{name}-{port}"
        prefix.mkdir()
        config = prefix / "nginx.conf"
        temporary = "".join(f"{kind}_temp_path {prefix}/{kind};" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        as_root = "user root; " if os.geteuid() == 0 else ""  # else its workers may not write where the bench does
        config.write_text(f"""
            {as_root}daemon off; pid {prefix}/pid; error_log stderr crit; worker_processes {workers};
            events {{ worker_connections 16384; }}
            http {{ access_log off; keepalive_requests 100000000; types_hash_max_size 2048; {temporary} {server} }}""")
        nginx = shutil.which("nginx", path=search_path())
        super().__init__(name, [nginx, "-p", str(prefix), "-e", "stderr", "-c", str(config)], port)
