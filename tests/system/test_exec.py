# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs as peers: exec:."""

import hashlib
import os
import select
import signal
import socket
import time
import unittest

from telex_test import DEADLINE, Console, TestCase, Terminal, main, program

needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
CHILDREN = 200


def processes():
    """(pid, parent, group, state) of all there are."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue  # it has gone
            yield int(name), int(fields[1]), int(fields[2]), fields[0]


class ExecCase(TestCase):
    def setUp(self):
        super().setUp()
        self.peers = 0

    def start(self, *args, **keywords):
        self.one = self.daemon("tcp://127.0.0.1:0", *args, **keywords)

    def call(self, endpoint):
        number = self.one.command(f"/connect {endpoint}")["peer"]
        return self.one.wait("open", peer=number)

    def close_of(self, peer, **fields):
        return self.one.wait("close", peer=peer["peer"], **fields)

    def wait_nobody(self):
        """Nothing of what the daemon has started is left, not even as a zombie."""
        end = time.monotonic() + DEADLINE
        while [each for each in processes() if each[1] == self.one.pid]:
            self.assertLess(time.monotonic(), end, "its children are still there")
            self.one.command("/stats")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.one.pid}/fd"))


class LineTest(ExecCase):
    def test_both_ways_and_the_end(self):
        self.start()
        before = self.descriptors()
        peer = self.call("exec:cat; echo over; exit 3?name=cat")
        self.assertEqual(peer["remote"], "exec:cat; echo over; exit 3")
        self.assertEqual(os.getpgid(peer["pid"]), peer["pid"])
        self.one.command("@cat hello")
        self.one.wait("message", text="hello\n")
        os.kill(next(each[0] for each in processes() if each[1] == peer["pid"]), signal.SIGTERM)
        self.one.wait("message", text="over\n")
        close = self.close_of(peer, reason="eof", status=3)
        self.assertNotIn("signal", close)
        self.wait_nobody()
        self.assertEqual(self.descriptors(), before)

    def test_a_signal_is_told(self):
        self.start()
        self.close_of(self.call("exec:kill -KILL $$"), status=137, signal="KILL", reason="eof")

    def test_16_mib_both_ways(self):
        data = os.urandom(16 << 20)
        got = self.run_telex("exec:cat", data=data)
        self.assertEqual(hashlib.sha256(got).hexdigest(), hashlib.sha256(data).hexdigest())

    def test_what_is_said_last_comes_before_the_end(self):
        self.start("--history=0")
        peer = self.call("exec:head -c 3000000 /dev/zero; echo end?view=size")
        self.assertEqual(self.close_of(peer, status=0)["received"], 3000004)

    def test_others_that_hold_its_output_are_not_waited_for(self):
        self.start()
        peer = self.call("exec:sleep 1000 & echo hi")
        self.one.wait("message", text="hi\n")
        self.close_of(peer, reason="eof", status=0)
        self.wait_nobody()

    def test_stderr(self):
        self.start()
        peer = self.call(r"exec:printf 'one\r\n\033[2J\377\n' >&2; nosuchprogram")
        self.one.wait("note", peer=peer["peer"], text="one")
        self.one.wait("note", text="\x1b[2J\ufffd")
        self.one.wait("note", text=lambda text: "not found" in text)
        self.close_of(peer, status=127)

    def test_its_environment(self):
        env = {"PATH": os.environ["PATH"], "HOME": "/tmp", "LANG": "C", "TZ": "UTC",
               "SECRET": "x", "TERM": "xterm"}
        self.start(env={**os.environ, **env})
        peer = self.call("exec:exec env?framing=line&name=boiler")
        self.close_of(peer, status=0)
        lines = self.one.data(peer["peer"]).decode().splitlines()
        seen = {line.partition("=")[0]: line.partition("=")[2] for line in lines}
        for extra in ("PWD", "OLDPWD", "SHLVL", "_"):  # the shell's own
            seen.pop(extra, None)
        self.assertEqual(seen, {"PATH": env["PATH"], "HOME": "/tmp", "LANG": "C", "TZ": "UTC",
                                "TELEX_PEER": str(peer["peer"]), "TELEX_NAME": "boiler",
                                "TELEX_REMOTE": "exec:exec env", "TELEX_LOCAL": "exec:"})

    def test_it_has_no_descriptor_of_ours(self):
        self.start("udp://127.0.0.1:0", f"--control={self.path('control')}")
        self.tcp(self.one.port)
        self.one.open(transport="tcp")
        self.call("exec:sleep 1000")
        peer = self.call("exec:ls /proc/$$/fd; :")
        self.close_of(peer, status=0)
        self.assertEqual(self.one.data(peer["peer"]), b"0\n1\n2\n")


class TerminalTest(ExecCase):
    def test_a_terminal(self):
        self.start()
        peer = self.call("exec:stty size; test -t 2 && read x; echo got $x >&2; exit 4?pty=100x30")
        number = peer["peer"]
        self.one.wait_data(number, b"30 100\r\n")
        self.one.command(f"@{number} hello")
        self.one.wait_data(number, b"30 100\r\nhello\r\ngot hello\r\n")
        self.close_of(peer, reason="eof", status=4)
        self.assertFalse(self.one.seen("note"))

    def test_it_is_the_controlling_one(self):
        self.start()
        peer = self.call("exec:echo up; exec cat </dev/tty?pty=yes")
        self.one.wait_data(peer["peer"], b"up\r\n")
        self.one.command(f"/bytes {peer['peer']} 03")
        self.close_of(peer, reason="eof", status=130, signal="INT")

    def test_closing_it_hangs_it_up(self):
        self.start()
        peer = self.call("exec:cat?pty=yes")
        self.one.command(f"/close {peer['peer']}")
        self.close_of(peer, reason="operator", signal="HUP")
        self.wait_nobody()


    def test_all_its_jobs_end_with_it(self):
        """Also one in a group of its own that does not listen."""
        self.start("--drain=0.2")
        peer = self.call("exec:set -m; trap '' HUP; (echo up $$; exec sleep 1000) & wait?pty=yes")
        self.one.wait("message", text=lambda text: "up" in text)
        groups = {each[2] for each in processes() if self.session(each[0]) == peer["pid"]}
        self.assertEqual(len(groups), 2)
        self.one.command(f"/close {peer['peer']}")
        self.close_of(peer, reason="operator", signal="KILL")
        self.wait_nobody()

    def session(self, pid):
        try:
            return os.getsid(pid)
        except ProcessLookupError:
            return None


class EndTest(ExecCase):
    def test_a_close_is_a_hang_up(self):
        self.start()
        peer = self.call("exec:trap 'echo bye >&2; exit 5' HUP; echo up; while :; do sleep 0.01; done")
        self.one.wait("message", text="up\n")
        self.one.command(f"/close {peer['peer']}")
        self.one.wait("note", text="bye")
        self.close_of(peer, reason="operator", status=5)

    def test_one_that_ignores_it_is_killed_with_its_group(self):
        self.start("--drain=0.3")
        peer = self.call("exec:trap '' HUP; echo up; sleep 1000 | sleep 1000; echo never")
        self.one.wait("message", text="up\n")
        self.one.command(f"/close {peer['peer']}")
        self.close_of(peer, reason="operator", status=137, signal="KILL")
        self.assertNotIn(peer["pid"], [each[2] for each in processes()])

    def test_closed_twice_it_is_killed_at_once(self):
        self.start("--drain=1000")
        peer = self.call("exec:trap '' HUP; echo up; sleep 1000; true")
        self.one.wait("message", text="up\n")
        self.one.command(f"/close {peer['peer']}")
        self.one.command(f"/close {peer['peer']}")
        self.close_of(peer, reason="operator")
        self.wait_nobody()

    def test_shutdown(self):
        self.start("--drain=0.3")
        stubborn = self.call("exec:trap '' HUP; echo up; sleep 1000; true")
        self.one.wait("message", text="up\n")
        good = self.call("exec:cat")
        ends = select.poll()
        ends.register(os.pidfd_open(stubborn["pid"]), select.POLLIN)
        self.one.signal(signal.SIGTERM)
        self.close_of(good, reason="shutdown", signal="HUP")
        self.close_of(stubborn, reason="shutdown")
        self.one.wait_end(0)
        self.assertTrue(ends.poll(DEADLINE * 1000))

    def test_again_starts_it_anew(self):
        self.start("--call", "exec:echo hi; exit 1?again=1&name=log")
        self.one.wait_count(2, "message", text="hi\n")
        self.assertGreater(self.one.wait("close", status=1)["again"], 0)


class PatchTest(ExecCase):
    def test_each_caller_has_a_program(self):
        self.one = self.daemon("tcp://127.0.0.1:0?to=exec:sort; echo for $TELEX_REMOTE on "
                               "$TELEX_LOCAL >%262")
        caller = self.tcp(self.one.port)
        caller.sendall(b"b\na\n")
        caller.shutdown(socket.SHUT_WR)
        self.expect(caller, "a\nb\n")
        self.expect_end(caller)
        here = "%s:%d" % caller.getsockname()
        self.one.wait("note", text=f"for {here} on 127.0.0.1:{self.one.port}")
        self.one.wait("close", status=0)
        self.wait_nobody()

    def test_a_caller_that_breaks_hangs_it_up(self):
        self.one = self.daemon("tcp://127.0.0.1:0?to=exec:sleep 1000")
        caller = self.tcp(self.one.port)
        self.one.wait("join")
        self.reset(caller)
        self.one.wait("close", signal="HUP")
        self.wait_nobody()


class BoundTest(ExecCase):
    def test_many_at_once(self):
        self.start("--history=0")
        before = self.descriptors()
        for _ in range(CHILDREN):
            self.one.input("/connect exec:read x; echo $x")
        self.one.wait_count(CHILDREN, "open")
        self.one.command("@* hello")
        self.one.wait_count(CHILDREN, "close", reason="eof", status=0)
        self.one.wait_count(CHILDREN, "message", text="hello\n")
        self.wait_nobody()
        self.assertEqual(self.descriptors(), before)

    def test_max_children(self):
        self.start("--max-children=1")
        peer = self.call("exec:cat")
        self.one.refused("/connect exec:cat", "already: 1 (--max-children)")
        self.one.command(f"/close {peer['peer']}")
        self.close_of(peer)
        self.call("exec:cat")

    def test_it_is_only_called(self):
        self.refuse_daemon(["exec:cat"], 2, "exec can be called only")
        self.refuse_daemon(["--call", "exec:cat?pty=wide"], 2, "pty=wide", "80x24")

    @needs_root
    def test_a_control_socket_is_not_for_all(self):
        control = self.path("control")
        self.start(f"--control={control}?mode=0666")
        os.chmod(self.directory, 0o777)
        self.attach(control).command("/connect exec:true")
        console = Console(self, ["socat", "-", f"UNIX-CONNECT:{control}"], nobody=True)
        for line in ("/connect exec:true", "/listen tcp://127.0.0.1:0?to=exec:true"):
            console.refused(line, "exec endpoints are only for the user that telexd runs as, and root")


class ClientTest(TestCase):
    def test_between_pipes(self):
        self.assertEqual(self.run_telex("exec:sort", data=b"b\na\n"), b"a\nb\n")
        self.assertEqual(self.run_telex("exec:echo out; exit 7", status=7), b"out\n")
        self.run_telex("exec:kill -TERM $$", status=143)

    def test_stderr_is_stderr(self):
        client = self.telex("exec:printf 'no\\033[2J' >&2; exit 3")
        client.close_stdin()
        client.wait_diagnostic("telex: no\\x1b[2J")
        client.wait_end(3)

    def test_a_terminal(self):
        client = Terminal(self, [program("TELEX"), "exec:stty size; cat?pty=90x20"])
        client.wait_seen("20 90")
        client.line("hello")
        client.wait_seen("← hello")
        client.write("\x04")
        client.wait_seen("exit status 0")
        client.wait_end(0)


if __name__ == "__main__":
    main()
