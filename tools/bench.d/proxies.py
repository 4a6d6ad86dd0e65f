# SPDX-License-Identifier: GPL-3.0-or-later
"""Relays that others use, as commands that call 127.0.0.1:FAR for each caller of PORT; with a
certificate in a file (pem) their callers speak TLS."""

import os
import shlex
import shutil
import subprocess

HAPROXY = """global
    nbthread 1
    maxconn 4000
    tune.ssl.default-dh-param 2048
defaults
    mode tcp
    timeout connect 10s
    timeout client 100s
    timeout server 100s
listen relay
    bind 127.0.0.1:{port}{secure}
    server far 127.0.0.1:{far}
"""

STUNNEL = """foreground = yes
pid =
debug = err
[relay]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{far}
cert = {pem}
"""


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def haproxy(directory, port, far, pem=None):
    secure = f" ssl crt {pem}" if pem else ""
    path = write(directory, f"haproxy-{port}", HAPROXY.format(port=port, far=far, secure=secure))
    return ["haproxy", "-db", "-f", path]


def stunnel(directory, port, far, pem):
    path = write(directory, f"stunnel-{port}", STUNNEL.format(port=port, far=far, pem=pem))
    return ["stunnel", path]


def socat(_, port, far, pem=None):
    how = f"OPENSSL-LISTEN:{port},cert={pem},verify=0" if pem else f"TCP4-LISTEN:{port}"
    return ["socat", f"{how},bind=127.0.0.1,fork,reuseaddr,backlog=1024", f"TCP4:127.0.0.1:{far}"]


RELAYS = {"haproxy": haproxy, "socat": socat}
TLS = {"haproxy": haproxy, "stunnel": stunnel, "socat": socat}
FORKS = ["socat"]  # a process for each caller


def installed(proxies, clients, most):
    """Those of them that are there; one that forks only where the clients are that few."""
    return {name: proxy for name, proxy in proxies.items()
            if shutil.which(name) and (name not in FORKS or clients <= most)}


def certificate(directory):
    """Of a key on P-256, as telexd makes itself one."""
    path = os.path.join(directory, "relay.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-keyout", path, "-out", path],
                   check=True, capture_output=True)
    return path


def behind(proxy, server):
    """Both as one process, whose child the server is: what they cost is theirs together."""
    return ["sh", "-c", f"{shlex.join(server)} & exec {shlex.join(proxy)}"]
