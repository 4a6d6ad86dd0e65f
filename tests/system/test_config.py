# SPDX-License-Identifier: GPL-3.0-or-later
"""Options from a file: what it may hold, what wins, and how its faults are told."""

import os
import re
import socket
import subprocess

from telex_test import HERE, Program, TestCase, main, program

EXAMPLE = os.path.join(HERE, "..", "..", "contrib", "telexd.conf")
PAGE = os.path.join(HERE, "..", "..", "doc", "telexd.conf.5.scd")

# A value for every option that takes one, other than its default.
VALUES = {"reply": "echo", "eol": "crlf", "view": "hex", "time": "ms", "max-peers": "7", "max-udp-peers": "9",
          "max-peers-per-host": "3", "max-consoles": "5", "max-children": "6", "idle-timeout": "1.5", "udp-idle-timeout": "2",
          "half-close": "0.5", "keepalive": "0", "max-queue": "128k", "max-memory": "32M", "allow": "127.0.0.0/8",
          "deny": "10.0.0.0/8", "udp-reply-rate": "5", "connect-timeout": "3", "drain": "1",
          "call": "tcp://127.0.0.1:9?again=5", "history": "0", "known": "10.0.0.7 boiler",
          "cert": "cert.pem", "key": "key.pem", "ca": "ca.pem",  # read when there is a tls listener
          "control": "./control.sock", "metrics": "unix:metrics.sock"}

ON_COMMAND_LINE_ONLY = ("config", "check", "help", "version")


class ConfigCase(TestCase):
    def setUp(self):
        super().setUp()
        self.config = self.path("telexd.conf")

    def write(self, content):
        self.file("telexd.conf", content)

    def start(self, content, *args, **keywords):
        self.write(content)
        return self.daemon("--config", self.config, *args, **keywords)

    def refuse(self, content, *parts, args=(), status=2):
        self.write(content)
        return self.refuse_daemon(["--config", self.config, *args], status, *parts)

    def options(self):
        """The long options of --help: name, whether it takes a value."""
        run = Program(self, [program("TELEXD"), "--help"], stdin=subprocess.DEVNULL)
        run.wait_end(0)
        return {name: bool(value) for name, value in re.findall(
            r"^  (?:-\w, |    )--([\w-]+)( [\['A-Z]+)?", run.stdout.copy().decode(), re.M)}


class FileTest(ConfigCase):
    def test_options_and_endpoints(self):
        daemon = self.start("# a comment\n"
                            "\n"
                            "  listen tcp://127.0.0.1:0?name=one   # and another\n"
                            "\tlisten\tudp://127.0.0.1:0\n"
                            "reply echo\n"
                            "max-peers 1\n", count=2)
        self.assertEqual(daemon.listening[0]["name"], "one")
        one = self.tcp(daemon.ports[0])
        one.sendall(b"ping")
        self.expect(one, "ping")
        two = self.udp(daemon.ports[1])
        two.send(b"pong")
        self.expect(two, "pong")
        self.expect_end(self.tcp(daemon.ports[0]))
        daemon.wait("refused", why="limit")

    def test_an_empty_file_is_no_file(self):
        daemon = self.start("", "tcp://127.0.0.1:0")
        self.tcp(daemon.port)
        daemon.open()

    def test_line_ends(self):
        daemon = self.start(b"\xef\xbb\xbflisten tcp://127.0.0.1:0\r\n\r\nreply echo\r\n"
                            b"listen tcp://127.0.0.1:0?name=last", count=2)
        self.assertEqual(daemon.listening[1]["name"], "last")
        one = self.tcp(daemon.port)
        one.sendall(b"x")
        self.expect(one, "x")

    def test_a_hash_within_a_word(self):
        path = self.path("a#b.sock")
        self.start(f"listen unix:{path} # not this\n", count=1)
        self.unix(path)

    def test_relative_paths(self):
        self.start("listen unix:here.sock\n", count=1)
        self.unix(self.path("here.sock"))

    def test_flags(self):
        daemon = self.start("exit-on-eof\nexit-on-eof no\n", "tcp://127.0.0.1:0")
        daemon.close_stdin()
        self.tcp(daemon.port)
        daemon.open()
        daemon.stop()
        daemon = self.start("exit-on-eof yes\n", "tcp://127.0.0.1:0")
        daemon.close_stdin()
        daemon.wait_end(0)

    def test_no_json_by_the_file(self):
        self.write("json\nlisten tcp://127.0.0.1:0\n")
        run = Program(self, [program("TELEXD"), "-c", self.config])
        run.wait_output('"event":"listening"')
        run.stop()

    def test_every_option(self):
        for option, takes_value in self.options().items():
            if option in ON_COMMAND_LINE_ONLY:
                self.refuse(f"{option}\n", f"{self.config}:1: ", option, "command line")
            elif option == "no-console":
                self.refuse("no-console\ndrain x\n", f"{self.config}:2: ")
            else:
                value = VALUES[option] if takes_value else ""
                daemon = self.start(f"{option} {value}\n", "tcp://127.0.0.1:0")
                daemon.stop()


class PrecedenceTest(ConfigCase):
    def test_the_command_line_wins(self):
        for args in (["--reply", "stamp"], ["-r", "stamp"], ["--rep=stamp"]):
            daemon = self.start("reply echo\n", *args, "tcp://127.0.0.1:0")
            one = self.tcp(daemon.port)
            one.sendall(b"x")
            self.assertRegex(self.receive(one, 28), rb"^\[.*\] x$")

    def test_flags_too(self):
        daemon = self.start("json no\n", "tcp://127.0.0.1:0")  # which has --json
        daemon.stop()

    def test_endpoints_replace_the_files(self):
        daemon = self.start("listen tcp://127.0.0.1:0?name=file\n",
                            "tcp://127.0.0.1:0?name=line")
        daemon.command("/stats")
        self.assertEqual([event["name"] for event in daemon.seen("listening")], ["line"])

    def test_access_lists_join(self):
        daemon = self.start("deny 127.0.0.2\n", "--deny", "127.0.0.3", "tcp://127.0.0.1:0")
        for host, served in (("127.0.0.1", True), ("127.0.0.2", False), ("127.0.0.3", False)):
            one = self.make_socket(socket.AF_INET, socket.SOCK_STREAM)
            one.bind((host, 0))
            one.connect(("127.0.0.1", daemon.port))
            if served:
                daemon.open()
            else:
                self.expect_end(one)

    def test_the_last_line_counts(self):
        daemon = self.start("reply stamp\nreply echo\n", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        one.sendall(b"x")
        self.expect(one, "x")

    def test_help_does_not_read_it(self):
        for option in ("--help", "--version"):
            run = Program(self, [program("TELEXD"), "-c", self.path("nowhere"), option])
            run.wait_end(0)


class FaultTest(ConfigCase):
    def test_a_bad_line(self):
        for line, *parts in (
                ("frobnicate 5", "unknown option 'frobnicate'"),
                ("--drain 5", "unknown option '--drain'"),
                ("drain", "drain", "needs an argument"),
                ("drain soon", "drain: 'soon' is not a number of seconds"),
                ("dra 5", "unknown option 'dra'"),
                ("json maybe", "json: 'maybe' is not yes or no"),
                ("max-queue 1k", "max-queue", "64k"),
                ("allow 10.0.0.0/40", "allow", "10.0.0.0/40"),
                ("reply loud", "reply", "loud"),
                ("listen", "listen", "endpoint"),
                ("listen tcp://127.0.0.1:99999", "99999"),
                ("listen tcp://127.0.0.1:1?reply=loud", "loud"),
                ("listen tcp://127.0.0.1:1?colour=red", "colour"),
                ("listen fe80::1:1", "[fe80::1"),
                ("listen tcp://127.0.0.1:0?name=twice", "twice", "taken"),
                ("\x1b[2J", "unknown option '\\x1b[2J'")):
            text = self.refuse(f"# one\nlisten tcp://127.0.0.1:0?name=twice\n{line}\ndrain x\n",
                               f"telexd: {self.config}:3: ", *parts)
            self.assertNotIn("\x1b", text)

    def test_a_fault_in_a_line_that_is_overruled(self):
        self.refuse("drain soon\n", f"{self.config}:1: drain: 'soon'", args=["--drain", "1"])
        self.refuse("listen nonsense://x\n", f"{self.config}:1: ", args=["tcp://127.0.0.1:0"])

    def test_no_text(self):
        self.refuse(b"drain 1\n\0\n", f"{self.config}:2: ", "NUL")
        self.refuse("drain 1\n#" + 4096 * "x" + "\n", f"{self.config}:2: ", "4096")
        self.refuse("#" + 5000000 * "x", f"{self.config}:1: ", "4096")
        self.start("#" + 4095 * "x" + "\r\n", "tcp://127.0.0.1:0").stop()

    def test_devices(self):
        self.refuse_daemon(["--config", "/dev/zero"], 2, "/dev/zero:1: ", "NUL")
        self.refuse_daemon(["--config", "/dev/null", "--drain", "x"], 2, "drain")

    def test_unreadable(self):
        for path, reason in ((self.path("none"), "No such file or directory"),
                             (self.directory, "Is a directory"),
                             (os.path.join(self.file("plain", ""), "x"), "Not a directory"),
                             ("", "No such file or directory")):
            self.refuse_daemon(["--config", path], 1, f"telexd: cannot read {path}: {reason}")

    def test_a_name_that_no_terminal_may_get(self):
        path = self.path("\x1b[2J")
        text = self.refuse_daemon(["--config", path], 1, "\\x1b[2J")
        self.assertNotIn("\x1b", text)

    def test_it_needs_a_name(self):
        self.refuse_daemon(["--config"], 2, "--config", "FILE")

    def test_nothing_is_bound_before_all_is_understood(self):
        path = self.path("a.sock")
        self.refuse(f"listen unix:{path}\ndrain soon\n", ":2: ")
        self.assertFalse(os.path.exists(path))

    def test_a_pipe(self):
        read, write = os.pipe()
        os.write(write, b"listen tcp://127.0.0.1:0\n")
        os.close(write)
        self.addCleanup(os.close, read)
        daemon = self.daemon("--config", f"/dev/fd/{read}", count=1, pass_fds=(read,))
        self.tcp(daemon.port)
        daemon.open()


class ExampleTest(ConfigCase):
    """contrib/telexd.conf: an option behind a # that touches it, a text behind one that does not."""

    def setUp(self):
        super().setUp()
        with open(EXAMPLE, encoding="utf-8") as file:
            self.example = file.read()
        self.lines = re.findall(r"^#(?![ #\n])(.+)", self.example, re.M)

    def test_it_changes_nothing(self):
        self.assertEqual([line for line in self.example.splitlines()
                          if line and not line.startswith("#")], [])
        self.start(self.example, "tcp://127.0.0.1:0").stop()

    def test_every_option_is_in_it(self):
        listed = list(dict.fromkeys(line.split()[0] for line in self.lines))
        wanted = [option for option in self.options() if option not in ON_COMMAND_LINE_ONLY]
        self.assertEqual(sorted(listed), sorted(["listen", *wanted]))

    def test_every_line_is_right(self):
        """All of them at once, but for what would touch this machine."""
        kept = [line for line in self.lines if line.split()[0] not in ("control", "no-console")]
        args = ["--allow", "127.0.0.0/8"]
        if any(line.startswith("metrics ") for line in kept):
            args += ["--metrics=unix:metrics.sock"]
        daemon = self.start("\n".join(kept) + "\n", *args, "tcp://127.0.0.1:0")
        self.tcp(daemon.port)
        daemon.open()

    def test_it_shows_the_defaults(self):
        help_text = Program(self, [program("TELEXD"), "--help"])
        help_text.wait_end(0)
        text = " ".join(help_text.stdout.copy().decode().split())
        for line in self.lines:
            option, _, value = line.partition(" ")
            default = re.search(rf"--{option} [A-Z]+ [^-]*?\(default (\d\w*)", text)
            if default:
                self.assertEqual(value, default[1], option)


class PageTest(TestCase):
    def test_what_is_read_again(self):
        """The page lists each option of the example's part on limits, and what listeners that
        set none of their own have; no other."""
        with open(EXAMPLE, encoding="utf-8") as file:
            part = file.read().partition("### Limits")[2].partition("###")[0]
        limits = set(re.findall(r"^#([\w-]+) ", part, re.M))
        with open(PAGE, encoding="utf-8") as file:
            page = file.read().partition("it takes over\n")[2].partition("A UDP peer")[0]
        self.assertEqual(set(re.findall(r"\*([\w-]+)\*", page)), limits | {"reply", "eol", "log-events"})


if __name__ == "__main__":
    main()
