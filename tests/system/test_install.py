# SPDX-License-Identifier: GPL-3.0-or-later
"""meson install: what it puts where, and that it is of use there."""

import json
import os
import shutil
import subprocess
import unittest

from telex_test import TestCase, main

EXAMPLES = [f"examples/{name}"
            for name in ("README.md", "answer.py", "answer.rules", "record.py", "who.sh")]
PAGES = ["man1/telex.1", "man1/telex-bench.1", "man1/telex-fleet.1", "man5/telexd.conf.5", "man7/telex-json.7",
         "man8/telexd.8"]
PROGRAMS = ["telex", "telex-bench", "telexd"]
COMPANIONS = ["telex-fleet", "telex-fleet-attach"] if os.environ["TELEX_NATS"] == "yes" else []
RECIPES = [f"nats/{name}" for name in ("README.md", "broker.conf", "cluster.conf", "leaf.conf",
                                       "nats-server.service.conf", "rights.conf")] if COMPANIONS else []


def succeeds(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                          check=False).returncode == 0


@unittest.skipUnless(shutil.which("meson"), "needs meson")
class InstallTest(TestCase):
    def setUp(self):
        super().setUp()
        self.build = os.environ["TELEX_BUILD"]
        with open(os.path.join(self.build, "meson-info", "intro-buildoptions.json"),
                  encoding="utf-8") as file:
            self.options = {one["name"]: one["value"] for one in json.load(file)}
        subprocess.run(["meson", "install", "-C", self.build, "--no-rebuild", "--quiet",
                        "--destdir", self.directory], stdin=subprocess.DEVNULL,
                       capture_output=True, check=True)

    def place(self, directory, name):
        """The path after installing of a file in one of meson's directories."""
        return os.path.join(self.options["prefix"], self.options.get(directory, directory), name)

    def open(self, path):
        return open(self.directory + path, encoding="utf-8")

    def wanted(self):
        files = [self.place("bindir", name) for name in PROGRAMS]
        files += [self.place("libexecdir", f"telex/{name}") for name in COMPANIONS]
        files += [self.place("datadir", f"doc/telex/{name}")
                  for name in ("LICENSE", "README.md", "telexd.conf", *EXAMPLES, *RECIPES)]
        for name in PROGRAMS:
            files += [self.place("datadir", f"bash-completion/completions/{name}"),
                      self.place("datadir", f"zsh/site-functions/_{name}")]
        if shutil.which("scdoc"):
            files += [self.place("mandir", page) for page in PAGES]
        if succeeds("pkg-config", "--exists", "systemd"):
            files += [self.place("lib/systemd/system", f"telexd.{kind}")
                      for kind in ("service", "socket")]
            if COMPANIONS:
                files.append(self.place("lib/systemd/system", "telex-fleet.service"))
            files.append(self.place("lib/sysusers.d", "telexd.conf"))
        return sorted(files)

    def test_files(self):
        found = [os.path.join(folder, name).removeprefix(self.directory)
                 for folder, _, names in os.walk(self.directory) for name in names]
        self.assertEqual(sorted(found), self.wanted())

    def test_programs(self):
        for name in PROGRAMS:
            run = subprocess.run([self.directory + self.place("bindir", name), "--version"],
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 check=True)
            self.assertRegex(run.stdout, rf"\A{name} \d+\.\d+\.\d+\n\Z")

    def check_unit(self, name, *parts):
        path = self.place("lib/systemd/system", name)
        if not os.path.exists(self.directory + path):
            self.skipTest("needs systemd's pkg-config file")
        with self.open(path) as file:
            text = file.read()
        for part in parts:
            self.assertIn(part, text)
        self.assertNotRegex(text, r"@\w+@")

    def test_units(self):
        self.check_unit("telexd.service", f"\nExecStart={self.place('bindir', 'telexd')} ",
                        self.place("datadir", "doc/telex/telexd.conf"))
        if COMPANIONS:
            self.check_unit("telex-fleet.service",
                            f"\nExecStart={self.place('bindir', 'telex')} fleet ",
                            self.place("sysconfdir", "default/telex-fleet"))

    @unittest.skipUnless(COMPANIONS, "built without NATS")
    def test_companions(self):
        for name in COMPANIONS:
            run = subprocess.run([self.directory + self.place("libexecdir", f"telex/{name}"),
                                  "--version"], stdin=subprocess.DEVNULL, capture_output=True,
                                 text=True, check=True)
            self.assertRegex(run.stdout, r"\Atelex(-fleet)? \d+\.\d+\.\d+\n\Z")

    @unittest.skipUnless(shutil.which("man") and shutil.which("scdoc"), "needs man and scdoc")
    def test_pages(self):
        for page in PAGES:
            run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                                  self.directory + self.place("mandir", page)],
                                 stdin=subprocess.DEVNULL, capture_output=True, check=False,
                                 env={**os.environ, "LC_ALL": "C.UTF-8"})
            self.assertEqual((run.returncode, run.stderr), (0, b""), page)
            self.assertGreater(len(run.stdout), 1000, page)


if __name__ == "__main__":
    main()
