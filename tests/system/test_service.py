# SPDX-License-Identifier: GPL-3.0-or-later
"""telexd as a service: what it says without a console, and whether it could start so."""

import os
import re
import signal
import socket
import threading
import time

from telex_test import DEADLINE, Program, TestCase, main, program


class ServiceCase(TestCase):
    def serve(self, *args, **keywords):
        return Program(self, [program("TELEXD"), "--no-console", *args], **keywords)

    def said(self, daemon, wanted, count=1):
        """The nth line on stderr that the pattern is found in, once it is there."""
        def probe():
            lines = [line for line in daemon.stderr.copy().decode().splitlines(keepends=True)
                     if line.endswith("\n") and re.search(wanted, line)]
            return lines[count - 1] if len(lines) >= count else None

        return daemon.until(probe, wanted, output=daemon.stderr)

    def port(self, daemon, count=1):
        return int(re.search(r":(\d+),", self.said(daemon, " listening on ", count))[1])


class LogTest(ServiceCase):
    def test_who_comes_and_goes(self):
        daemon = self.serve("--log-events", "--deny=127.0.0.2", "tcp://127.0.0.1:0?reply=echo",
                            "unix:a.sock?name=gate")
        one = self.tcp(self.port(daemon))
        self.said(daemon, r"^telexd: .*#1 connected: tcp 127\.0\.0\.1:\d+ on listener 1\n")
        self.unix(self.path("a.sock"))
        self.said(daemon, r"#2 connected: unix pid \d+.* listener 2 \(gate\)|#2 connected: unix")
        one.sendall(b"a secret\x1b[31m\n")
        self.expect(one, "a secret\x1b[31m\n")
        one.close()
        self.said(daemon, r"#1 closed \(eof\), received 14 bytes, sent 14")
        other = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
        other.bind(("127.0.0.2", 0))
        other.connect(("127.0.0.1", self.port(daemon)))
        self.said(daemon, r"refused 127\.0\.0\.2:\d+ on listener 1: the access list")
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        self.said(daemon, r"no longer listening on unix:a\.sock")
        text = daemon.stderr.copy().decode()
        self.assertNotIn("secret", text)
        self.assertNotIn("\x1b", text)
        self.assertEqual(daemon.stdout.copy(), b"")
        self.assertTrue(all(line.startswith("telexd: ") for line in text.splitlines()), text)

    def wait_line(self, path):
        end = time.monotonic() + DEADLINE
        while os.path.getsize(path) == 0:
            self.assertLess(time.monotonic(), end, "nothing is written")
            threading.Event().wait(0.02)

    def test_times(self):
        """The journal has them itself; a file has not."""
        for is_journal in (False, True):
            with open(self.path("log"), "wb") as log:
                status = os.fstat(log.fileno())
                own = f"{status.st_dev}:{status.st_ino if is_journal else 1}"
                daemon = self.serve("--log-events", "unix:a.sock", stderr=log,
                                    env={"JOURNAL_STREAM": own})
                self.wait_line(self.path("log"))  # its socket is there before it heeds signals
                daemon.signal(signal.SIGTERM)
                daemon.wait_end(0)
            with open(self.path("log"), encoding="utf-8") as log:
                when = "" if is_journal else r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z "
                self.assertRegex(log.readline(), f"^telexd: {when}listening on unix:a")

    def test_with_a_console_too(self):
        daemon = self.daemon("--log-events", "tcp://127.0.0.1:0")
        self.tcp(daemon.port)
        daemon.wait("open")
        daemon.wait_diagnostic("#1 connected: tcp 127.0.0.1:")

    def test_from_sighup_on(self):
        config = self.file("telexd.conf", "")
        daemon = self.serve("--config", config, "unix:a.sock")
        self.wait_unix(self.path("a.sock"))
        self.file("telexd.conf", "log-events\n")
        daemon.signal(signal.SIGHUP)
        self.said(daemon, "read again\n")
        one = self.unix(self.path("a.sock"))
        self.said(daemon, "#2 connected")
        self.file("telexd.conf", "")
        daemon.signal(signal.SIGHUP)
        self.said(daemon, "read again\n", count=2)
        one.close()
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        self.assertNotIn("closed", daemon.stderr.copy().decode())

    def test_a_stderr_that_nobody_reads(self):
        daemon = self.serve("--log-events", "tcp://127.0.0.1:0?reply=echo")
        port = self.port(daemon)
        daemon.stderr.pause()
        for _ in range(3000):
            self.tcp(port).close()
        one = self.tcp(port)
        one.sendall(b"ping")
        self.expect(one, "ping")
        daemon.stderr.resume()
        self.said(daemon, r"telexd: \d+ lines found no room here\n")


class PortTest(ServiceCase):
    def test_what_the_system_chose_is_said(self):
        daemon = self.serve("tcp://127.0.0.1:0", "unix:a.sock", "udp://127.0.0.1:0",
                            f"tcp://127.0.0.1:{self.free_port()}")
        self.tcp(self.port(daemon))
        self.assertNotEqual(self.port(daemon, 2), self.port(daemon))
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)
        self.assertEqual(daemon.stderr.copy().count(b"\n"), 2, daemon.stderr.copy())

    def test_a_console_says_it_itself(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        daemon.stop()
        self.assertEqual(daemon.stderr.copy(), b"")


class CheckTest(ServiceCase):
    def check(self, *args, status=0):
        run = Program(self, [program("TELEXD"), "--check", *args])
        run.wait_end(status)
        self.assertEqual(run.stdout.copy(), b"")
        return run.stderr.copy().decode()

    def test_what_is_right(self):
        """Also where it could not start: a port that is taken is free another day."""
        taken = self.listener().getsockname()[1]
        config = self.file("telexd.conf", f"listen tcp://nobody.invalid:{taken}\ncontrol ./c.sock\n")
        self.assertEqual(self.check("--config", config), "")
        self.assertEqual(self.check("--config", config, f"tcp://127.0.0.1:{taken}", "unix:a.sock"), "")
        self.assertEqual(self.check(), "")
        self.assertEqual([name for name in ("a.sock", "c.sock") if self.there(name)], [])

    def there(self, name):
        try:
            self.unix(self.path(name))
            return True
        except FileNotFoundError:
            return False

    def test_what_is_wrong(self):
        for content, args, wanted in (
                ("drain x\n", (), "telexd.conf:1: drain: 'x' is not"),
                ("drain 1\nlisten tcp://a:70000\n", (), "telexd.conf:2: "),
                ("listen tcp://a:1?name=a\nlisten tcp://a:2?name=a\n", (), ":2: the name a is taken"),
                ("", ("tcp://127.0.0.1:1?x=1",), "key 'x' does not belong here"),
                ("", ("1?name=a", "2?name=a"), "the name a is taken"),
                ("", ("1?to=tcp://127.0.0.1:2", "2"), "to=tcp://127.0.0.1:2 is a listener of"),
                ("listen tcp://a:1?to=tcp://localhost:1\nlisten 1\n", (), "is a listener of"),
                ("", ("--drain=x",), "--drain: 'x'"),
                ("check\n", (), "command line only")):
            config = self.file("telexd.conf", content)
            error = self.check("--config", config, *args, status=2)
            self.assertIn(wanted, error)
            self.assertEqual(error.count("\n"), 1)

    def test_a_file_that_is_not_there(self):
        self.assertIn("No such file", self.check("--config", self.path("nobody"), status=1))


class TwoWordsTest(ServiceCase):
    def test_host_and_port(self):
        self.refuse_daemon(["127.0.0.1", "8000"], 2, "write 127.0.0.1:8000 for one")
        self.refuse_daemon(["8001", "local\x1bhost", "8000"], 2, "tcp://local\\x1bhost 8000 for two")
        self.assertEqual(self.check_only("8000", "8001"), "")
        self.assertEqual(self.check_only("127.0.0.1:8000", "8001"), "")
        self.assertEqual(self.check_only("tcp://localhost", "8001"), "")
        self.assertEqual(self.check_only("./a.sock", "8001"), "")

    def check_only(self, *args):
        run = Program(self, [program("TELEXD"), "--check", *args])
        run.wait_end(0)
        return run.stderr.copy().decode()


if __name__ == "__main__":
    main()
