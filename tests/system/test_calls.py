# SPDX-License-Identifier: GPL-3.0-or-later
"""--call and again=: calls from the start, and calls that are made again."""

import signal
import socket

from telex_test import TestCase, main


class CallsCase(TestCase):
    def daemon(self, *args, **keywords):
        """One that does not wait long for far ends that the test has not closed."""
        return super().daemon("--drain", "0.1", *args, **keywords)

    def far(self, port=0):
        """Somebody to be called."""
        listener = self.listener(port=port)
        return listener, listener.getsockname()[1]


class StartTest(CallsCase):
    def test_called_from_the_start(self):
        listener, port = self.far()
        daemon = self.daemon(f"--call=tcp://127.0.0.1:{port}?name=boiler", "tcp://127.0.0.1:0")
        one = self.accept(listener)
        daemon.wait("open", peer=1, remote=f"127.0.0.1:{port}")
        daemon.wait("name", peer=1, name="boiler")
        daemon.command("@boiler hello")
        self.expect(one, "hello\n")
        self.assertEqual([event["event"] for event in daemon.seen()][:2], ["listening", "open"])

    def test_from_a_file(self):
        (one, first), (other, second) = self.far(), self.far()
        config = self.file("telexd.conf", f"listen tcp://127.0.0.1:0\ncall tcp://127.0.0.1:{first}\n"
                                          f"call tcp://127.0.0.1:{second}?name=second  # comment\n")
        daemon = self.daemon("--config", config, count=1)
        self.accept(one)
        self.accept(other)
        daemon.wait("name", peer=2, name="second")

    def test_a_first_call_that_fails_is_no_failure_to_start(self):
        daemon = self.daemon(f"--call=tcp://127.0.0.1:{self.free_port()}", "tcp://127.0.0.1:0")
        close = daemon.wait("close", peer=1, reason="error")
        self.assertNotIn("again", close)
        self.tcp(daemon.port)
        daemon.open(peer=2)

    def test_what_cannot_even_be_tried_is_said(self):
        daemon = self.daemon("--call=udp://127.0.0.1:9?from=x", "tcp://127.0.0.1:0")
        daemon.wait_diagnostic("telexd: cannot connect to udp://127.0.0.1:9: from=x: no UDP listener")
        self.tcp(daemon.port)
        daemon.open()

    def test_bad_ones_are_named(self):
        for endpoint, *parts in (["tcp://h:x", "port 'x'"], ["tcp://h:1?again=x", "again=x", "seconds"],
                                 ["tcp://h:1?mode=1", "'mode'"], ["unix:", "unix"]):
            self.refuse_daemon(["--call", endpoint, "tcp://127.0.0.1:0"], 2, "--call", *parts)
        self.refuse_daemon(["--call", "tcp://h:1?name=a", "--call", "tcp://h:2?name=a", "tcp://127.0.0.1:0"],
                           2, "--call", "the name a is taken by another call")
        self.refuse_daemon(["tcp://127.0.0.1:0?again=1"], 2, "'again'")
        config = self.file("telexd.conf", "listen tcp://127.0.0.1:0\ncall tcp://h:1?x=1\n")
        self.refuse_daemon(["--config", config], 2, f"{config}:2", "call", "'x'")


class AgainTest(CallsCase):
    def test_called_again_until_somebody_is_there(self):
        port = self.free_port()
        daemon = self.daemon(f"--call=tcp://127.0.0.1:{port}?again=0.05&name=boiler&half-close=0", "tcp://127.0.0.1:0")
        self.assertGreater(daemon.wait("close", peer=1, reason="error")["again"], 0)
        self.assertTrue(daemon.wait("close", peer=2)["repeated"])
        listener, _ = self.far(port)
        self.accept(listener)
        self.assertGreater(daemon.wait("name", name="boiler")["peer"], 2)

    def test_lost_and_called_again_under_its_name(self):
        listener, port = self.far()
        daemon = self.daemon("tcp://127.0.0.1:0")
        self.assertEqual(daemon.command(f"/connect tcp://127.0.0.1:{port}?again=0.05&name=boiler&half-close=0")["peer"], 1)
        one = self.accept(listener)
        daemon.wait("name", peer=1, name="boiler")
        for peer, end in ((1, one.close), (2, lambda: self.reset(one))):
            end()
            self.assertGreater(daemon.wait("close", peer=peer)["again"], 0)
            one = self.accept(listener)
            daemon.wait("name", peer=peer + 1, name="boiler")
        daemon.command("@boiler hello")
        self.expect(one, "hello\n")

    def test_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        port = far.getsockname()[1]
        daemon = self.daemon("--udp-idle-timeout", "0.2", "tcp://127.0.0.1:0",
                             f"--call=udp://127.0.0.1:{port}?again=0.05&name=boiler")
        daemon.wait("name", peer=1, name="boiler")
        self.assertGreater(daemon.wait("close", peer=1, reason="timeout")["again"], 0)
        daemon.wait("name", peer=2, name="boiler")

    def test_close_ends_it(self):
        listener, port = self.far()
        daemon = self.daemon("tcp://127.0.0.1:0", f"--call=tcp://127.0.0.1:{port}?again=0.05&name=boiler&half-close=0")
        one = self.accept(listener)
        daemon.wait("open", peer=1)
        daemon.command("/close boiler")
        self.expect_end(one)
        self.assertNotIn("again", daemon.wait("close", peer=1, reason="operator"))

    def check_hung_up(self, word):
        listener, port = self.far()
        daemon = self.daemon("tcp://127.0.0.1:0", f"--call=tcp://127.0.0.1:{port}?again=1000&name=boiler&half-close=0")
        one = self.accept(listener)
        daemon.wait("name", peer=1, name="boiler")
        one.close()
        daemon.wait("close", peer=1)
        daemon.refused("/close kettle", "'kettle'")
        self.assertEqual(daemon.command(f"/close {word}")["note"], "it is not called again")
        daemon.refused(f"/close {word}")

    def test_close_ends_it_while_it_waits(self):
        for word in ("boiler", "1", "#1", "*"):
            with self.subTest(word):
                self.check_hung_up(word)

    def test_peers_tells_that_it_waits(self):
        port = self.free_port()
        daemon = self.daemon("tcp://127.0.0.1:0", f"--call=tcp://127.0.0.1:{port}?again=1000&name=boiler")
        daemon.wait("close", peer=1)
        waits = f"waiting to be called again: boiler (tcp://127.0.0.1:{port})"
        self.assertEqual(daemon.command("/peers")["note"], f"nobody is on the line; {waits}")
        self.tcp(daemon.port)
        daemon.wait("open", peer=2)
        self.assertEqual(daemon.command("/peers")["note"], waits)
        self.assertNotIn("note", daemon.command("/peers tcp"))
        daemon.command("/close boiler")
        self.assertNotIn("note", daemon.command("/peers"))

    def test_its_name_waits_too(self):
        port = self.free_port()
        endpoint = f"tcp://127.0.0.1:{port}?again=1000&name=boiler"
        daemon = self.daemon("tcp://127.0.0.1:0", f"--call={endpoint}")
        daemon.wait("close", peer=1)
        daemon.refused(f"/connect tcp://127.0.0.1:{port}?name=boiler", "boiler", "taken")

    def test_a_shutdown_does_not_wait_for_it(self):
        port = self.free_port()
        daemon = self.daemon("tcp://127.0.0.1:0", f"--call=tcp://127.0.0.1:{port}?again=1000",
                             "--drain", "1000")
        daemon.wait("close", peer=1)
        daemon.signal(signal.SIGTERM)
        daemon.wait_end(0)

    def test_each_state_is_told_once_in_text(self):
        port = self.free_port()
        daemon = self.text_daemon("tcp://127.0.0.1:0", f"--call=tcp://127.0.0.1:{port}?again=0.02&name=boiler&half-close=0",
                                  "--control", self.path("control"))
        follower = self.attach(self.path("control"))
        follower.wait_count(5, "close")
        listener, _ = self.far(port)
        one = self.accept(listener)
        daemon.wait_output("is called boiler")
        self.assertEqual(daemon.stdout.copy().count(b"called again"), 1)
        one.shutdown(socket.SHUT_WR)
        daemon.until(lambda: daemon.stdout.copy().count(b"called again") == 2 or None, "one more")


if __name__ == "__main__":
    main()
