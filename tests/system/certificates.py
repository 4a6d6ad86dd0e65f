# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates on P-256 for tests, made by openssl as people make them."""

import os
import subprocess

SIGNED_BY_ITSELF = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Certificates:
    """In a directory: NAME.pem and NAME.key."""

    def __init__(self, directory):
        self.directory = directory

    def path(self, file):
        return os.path.join(self.directory, file)

    def openssl(self, *args, **keywords):
        run = subprocess.run(["openssl", *map(str, args)], stdin=subprocess.DEVNULL, check=False,
                             capture_output=True, **keywords)
        if run.returncode != 0:
            raise RuntimeError(run.stderr.decode())
        return run.stdout

    def make(self, name, *sans, common_name=None, issuer=None, days=30):
        """One for these (DNS:localhost, IP:127.0.0.1), signed by another, or by itself; returns
        its files."""
        cert, key = self.path(f"{name}.pem"), self.path(f"{name}.key")
        args = [*SIGNED_BY_ITSELF, "-keyout", key, "-out", cert, "-days", days,
                "-subj", f"/CN={common_name or name}"]
        if sans:
            args += ["-addext", f"subjectAltName={','.join(sans)}"]
        if issuer:
            args += ["-CA", self.path(f"{issuer}.pem"), "-CAkey", self.path(f"{issuer}.key"),
                     "-addext", "basicConstraints=CA:FALSE"]
        self.openssl(*args)
        return cert, key

    def fingerprint(self, name):
        """As a pin has it."""
        out = self.openssl("x509", "-in", self.path(f"{name}.pem"), "-noout", "-fingerprint", "-sha256")
        return "sha256:" + out.decode().strip().partition("=")[2].replace(":", "").lower()
