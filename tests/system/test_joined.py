# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that are joined: to=ENDPOINT, to=NAME."""

import os
import select
import socket
import subprocess
import threading

from telex_test import DEADLINE, TestCase, has_tls, main
from test_reload import ReloadCase
from web_peer import BINARY, CLOSE, TEXT, WebPeer, code


def wait_reset(one):
    """Until the far end has reset the line, of which nothing more is to be read."""
    poll = select.poll()
    poll.register(one, 0)
    assert poll.poll(DEADLINE * 1000), "no reset came"


class JoinedCase(TestCase):
    def setUp(self):
        super().setUp()
        self.far = self.listener()
        self.far_port = self.far.getsockname()[1]

    def patched(self, *args, keys="", **keywords):
        return self.daemon(*args, f"tcp://127.0.0.1:0?{keys}to=tcp://127.0.0.1:{self.far_port}",
                           **keywords)

    def pair(self, daemon):
        """A caller, and the far end that it was joined to."""
        near = self.tcp(daemon.port)
        far = self.accept(self.far)
        daemon.wait("join")
        return near, far

    def near_a_unix_socket(self):
        """A daemon, its caller, and the listener at whose socket the far end is accepted."""
        path = self.path("far")
        there = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        there.bind(path)
        there.listen()
        daemon = self.daemon(f"tcp://127.0.0.1:0?to=unix:{path}")
        return daemon, self.tcp(daemon.port), there

    def joined(self, daemon, peer):
        return daemon.command(f"/info {peer}")["peer"]["joined"]


class PassingTest(JoinedCase):
    def test_each_message_is_told_once_with_where_it_went(self):
        daemon = self.patched(keys="name=web&")
        near, far = self.pair(daemon)
        near.sendall(b"ping\n")
        self.expect(far, "ping\n")
        far.sendall(b"po\0ng")
        self.expect(near, "po\0ng")
        daemon.wait("message", peer=2)
        order = [(event["event"], event.get("peer"), event.get("other"), event.get("to"))
                 for event in daemon.seen() if event["event"] not in ("listening", "hello")]
        self.assertEqual(order, [("open", 1, None, None), ("open", 2, None, None),
                                 ("join", 2, 1, None), ("message", 1, None, [2]),
                                 ("message", 2, None, [1])])
        self.assertEqual([event["listener"] for event in daemon.seen("open")], [1, 1])
        self.assertEqual([self.joined(daemon, 1), self.joined(daemon, 2)], [[2], [1]])
        self.assertEqual([peer["joined"] for peer in daemon.command("/peers")["peers"]], [[2], [1]])
        self.assertEqual(daemon.command("/info 2")["peer"]["sent"], 5)

    def test_it_is_told_again_and_asked_for_by_the_listener(self):
        daemon = self.patched("--control", self.path("control"), keys="name=web&")
        console = self.attach(self.path("control"))
        near, far = self.pair(daemon)
        console.command("/only web:")
        near.sendall(b"ping\n")
        self.expect(far, "ping\n")
        far.sendall(b"pong\n")
        self.expect(near, "pong\n")
        self.assertEqual(console.wait("message", peer=2)["to"], [1])
        daemon.command("/show")
        again = daemon.seen("message", replayed=True)
        self.assertEqual([(event["peer"], event["to"]) for event in again], [(1, [2]), (2, [1])])
        daemon.command("/view size")
        near.sendall(b"quietly")
        self.assertNotIn("text", daemon.wait("message", size=7, to=[2]))

    def test_the_operator_may_send_to_either_and_name_either(self):
        daemon = self.patched(keys="eol=none&")
        near, far = self.pair(daemon)
        daemon.command("/name 2 device")
        daemon.command("@device to the far")
        self.expect(far, "to the far\n")
        daemon.command("@1 to the near")
        self.expect(near, "to the near")

    def test_the_list_of_listeners_says_where_to(self):
        daemon = self.patched("--control", self.path("control"), "tcp://127.0.0.1:0?name=device&to=plc",
                              keys="name=web&")
        to = [f"tcp://127.0.0.1:{self.far_port}", "plc"]
        self.assertEqual([each["to"] for each in daemon.command("/listeners")["listeners"]], to[::-1])
        attached = self.telex("attach", self.path("control"))
        attached.line("/listeners")
        attached.wait_output("?to=plc")
        attached.wait_output(f"?to={to[0]}")

    def test_its_listener_answers_nobody(self):
        daemon = self.patched(keys="name=web&")
        daemon.refused("/reply web echo", "listener 1", "to=")
        self.assertEqual(daemon.command("/listeners")["listeners"][0]["reply"], "none")

    def test_bytes_wait_until_the_far_end_is_reached(self):
        port = self.full_listener()
        daemon = self.daemon(f"tcp://127.0.0.1:0?to=tcp://127.0.0.1:{port}")
        near = self.tcp(daemon.port)
        near.sendall(b"early")
        daemon.open()
        self.assertEqual(self.joined(daemon, 1), [2])
        self.assertEqual(daemon.command("/info 2")["peer"]["state"], "connecting")
        self.assertEqual(daemon.seen("message"), [])

    def test_many_bytes_both_ways_and_none_is_lost(self):
        daemon = self.patched("--max-queue", "64k", "--view", "none")
        near, far = self.pair(daemon)
        sent = bytes(range(256)) * 40000
        got = {}

        def take(name, one):
            got[name] = self.receive_all(one)

        def give(one):
            one.sendall(sent)
            one.shutdown(socket.SHUT_WR)

        threads = [threading.Thread(target=give, args=[one]) for one in (near, far)]
        threads += [threading.Thread(target=take, args=pair)
                    for pair in (("near", near), ("far", far))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
        self.assertEqual(got["near"], sent)
        self.assertEqual(got["far"], sent)
        daemon.wait_count(2, "close", reason="eof")

    def test_who_does_not_read_holds_the_other(self):
        daemon = self.patched("--max-queue", "64k")
        near, far = self.pair(daemon)
        near.setblocking(False)
        size = 0
        daemon.command("/view none")
        try:
            while size < 1 << 30:
                size += near.send(bytes(1 << 16))
        except BlockingIOError:
            pass
        self.assertLess(daemon.command("/info 2")["peer"]["queued"], 256 << 10)
        near.setblocking(True)
        near.shutdown(socket.SHUT_WR)
        self.assertEqual(len(self.receive_all(far)), size)

    def test_framings_that_differ(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=line&to=tcp://127.0.0.1:"
                             f"{self.far_port}?framing=length:u8")
        near, far = self.pair(daemon)
        near.sendall(b"ab")
        near.sendall(b"c\nde\n")
        self.expect(far, b"\x04abc\n\x03de\n")
        far.sendall(b"\x02ok")
        self.expect(near, "ok")

    def test_one_framing_is_both_ends_and_changes_no_byte(self):
        daemon = self.patched(keys="framing=slip&")
        near, far = self.pair(daemon)
        near.sendall(b"\xc0\xc0hi\xdb\xdc\xc0")
        self.expect(far, b"\xc0\xc0hi\xdb\xdc\xc0")
        self.assertEqual(daemon.wait("message")["base64"], "aGnA")
        far.sendall(b"x\xc0")
        self.assertEqual(daemon.wait("message", peer=2)["text"], "x")

    def test_a_message_of_a_websocket_is_one(self):
        """However the lines are framed that it is joined to."""
        web = self.daemon("ws://127.0.0.1:0")
        daemon = self.daemon(f"--call=tcp://127.0.0.1:{self.far_port}?name=plc&framing=line",
                             "tcp://127.0.0.1:0?framing=line&to=ws://127.0.0.1:"
                             f"{web.port}", "ws://127.0.0.1:0?to=plc")
        near, device = self.tcp(daemon.port), self.accept(self.far)
        near.sendall(b"one\ntwo\n")
        self.assertEqual([web.wait("message")["text"] for _ in range(2)], ["one\n", "two\n"])
        web.command("@1 no end")
        self.expect(near, "no end")
        peer = WebPeer.open(self, daemon.ports[1])
        daemon.wait_count(2, "join")
        peer.say(TEXT, b"no end")
        self.expect(device, "no end")

    def test_a_websocket_and_bytes(self):
        daemon = self.daemon(f"ws://127.0.0.1:0?to=tcp://127.0.0.1:{self.far_port}")
        peer = WebPeer.open(self, daemon.port)
        far = self.accept(self.far)
        for message in (b"", b"one", b"\0two"):
            peer.say(BINARY, message)
        self.expect(far, "one\0two")
        far.sendall(b"back")
        self.assertEqual(peer.read(), (TEXT, b"back"))
        peer.say(CLOSE, code(1000))
        self.expect_end(far)

    def test_unix_to_tcp_and_back(self):
        daemon, near, there = self.near_a_unix_socket()
        far = self.accept(there)
        near.sendall(b"over")
        self.expect(far, "over")
        far.sendall(b"back")
        self.expect(near, "back")
        far.close()
        self.expect_end(near)


class EndTest(JoinedCase):
    def test_a_half_close_is_one_and_the_answer_may_be_late(self):
        daemon = self.patched("--half-close", "0.01")
        for one_first in (True, False):
            pair = self.pair(daemon)
            one, other = pair if one_first else pair[::-1]
            one.sendall(b"question")
            one.shutdown(socket.SHUT_WR)
            self.assertEqual(self.receive_all(other), b"question")
            daemon.command("/stats")
            other.sendall(b"late")
            self.expect(one, "late")
            other.close()
            self.expect_end(one)
        daemon.wait_count(4, "close", reason="eof")
        self.assertEqual(len(daemon.seen("half-close")), 4)

    def test_a_reset_is_one(self):
        daemon = self.patched()
        for one_first in (True, False):
            pair = self.pair(daemon)
            one, other = pair if one_first else pair[::-1]
            one.sendall(b"x")
            self.expect(other, "x")
            self.reset(one)
            with self.assertRaises(ConnectionResetError):
                other.recv(1)
        daemon.wait_count(4, "close", reason="reset")

    def test_a_reset_after_a_half_close_is_one(self):
        daemon = self.patched()
        for one_first in (True, False):
            pair = self.pair(daemon)
            one, other = pair if one_first else pair[::-1]
            one.shutdown(socket.SHUT_WR)
            self.expect_end(other)
            self.reset(one)
            other.settimeout(DEADLINE)
            wait_reset(other)
        daemon.wait_count(4, "close", reason="reset")

    def test_a_unix_socket_that_goes_ends_its_caller(self):
        daemon, near, there = self.near_a_unix_socket()
        far = self.accept(there)
        daemon.wait("join")
        far.close()
        self.expect_end(near)
        daemon.wait_count(2, "close", reason="eof")

    def test_a_far_end_that_refuses(self):
        self.far.close()
        daemon = self.patched()
        near = self.tcp(daemon.port)
        near.sendall(b"never read")
        self.expect_end(near)
        end = daemon.wait("close", peer=1)
        self.assertEqual(end["reason"], "error")
        self.assertEqual(end["error"],
                         f"cannot reach tcp://127.0.0.1:{self.far_port}: Connection refused")
        self.assertEqual(daemon.seen("join") + daemon.seen("part"), [])

    def test_a_far_end_that_does_not_answer(self):
        port = self.full_listener()
        daemon = self.daemon("--connect-timeout", "0.1",
                             f"tcp://127.0.0.1:0?to=tcp://127.0.0.1:{port}")
        near = self.tcp(daemon.port)
        self.expect_end(near)
        self.assertEqual(daemon.wait("close", peer=2)["reason"], "timeout")
        end = daemon.wait("close", peer=1)
        self.assertEqual(end["reason"], "error")
        self.assertIn("Connection timed out", end["error"])

    def test_an_operator_closes_both(self):
        daemon = self.patched()
        near, far = self.pair(daemon)
        daemon.command("/close 2")
        self.expect_end(near)
        self.expect_end(far)
        daemon.wait_count(2, "close", reason="operator")
        self.assertEqual(len(daemon.seen("part", peer=2, other=1)), 1)

    def test_an_idle_line_ends_both(self):
        daemon = self.patched("--idle-timeout", "0.2")
        near, far = self.pair(daemon)
        self.expect_end(near)
        self.expect_end(far)
        daemon.wait_count(2, "close", reason="timeout")

    def test_the_end_of_the_daemon(self):
        daemon = self.patched()
        near, far = self.pair(daemon)
        near.sendall(b"last")
        self.expect(far, "last")
        daemon.stop()
        self.expect_end(near)
        self.expect_end(far)


class DeviceTest(JoinedCase):
    def setUp(self):
        super().setUp()
        self.switch = self.daemon(
            f"--call=tcp://127.0.0.1:{self.far_port}?name=plc&framing=modbus",
            "tcp://127.0.0.1:0?to=plc")
        self.device = self.accept(self.far)
        self.callers = 0
        self.switch.open()

    def caller(self):
        one = self.tcp(self.switch.port)
        self.callers += 1
        self.switch.wait_count(self.callers, "join")
        return one

    def test_whole_messages_of_each_and_answers_to_all(self):
        one, other = self.caller(), self.caller()
        frame = b"\0\1\0\0\0\2\1\3"
        one.sendall(frame[:3])
        other.sendall(frame[:7])
        self.switch.command("/stats")
        other.sendall(frame[7:])
        self.expect(self.device, frame)
        one.sendall(frame[3:])
        self.expect(self.device, frame)
        self.device.sendall(b"\0\1\0\0\0\1\x2a")
        for each in (one, other):
            self.expect(each, b"\0\1\0\0\0\1\x2a")
        self.assertEqual(self.switch.wait("message", peer=1)["to"], [2, 3])

    def test_a_caller_that_goes_leaves_the_device(self):
        one, other = self.caller(), self.caller()
        self.reset(one)
        self.switch.wait("close", peer=2)
        other.close()
        self.switch.wait("half-close", peer=3)
        again = self.caller()
        self.device.sendall(b"\0\1\0\0\0\1\x2a")
        self.expect(again, b"\0\1\0\0\0\1\x2a")

    def test_a_device_that_ends_its_side_goes(self):
        daemon = self.daemon(
            f"--call=tcp://127.0.0.1:{self.far_port}?name=plc&half-close=0.05&again=0.05",
            "tcp://127.0.0.1:0?to=plc")
        device = self.accept(self.far)
        daemon.open()
        caller = self.tcp(daemon.port)
        daemon.wait("join")
        device.close()
        self.accept(self.far)
        self.expect_end(caller)
        daemon.wait("name", peer=3, name="plc")

    def test_a_device_that_goes_ends_its_callers(self):
        one, other = self.caller(), self.caller()
        self.device.sendall(b"\0\1\0\0\0\1\x2a")
        self.reset(self.device)
        for each in (one, other):
            self.assertEqual(self.receive_all(each), b"\0\1\0\0\0\1\x2a")
        self.switch.wait_count(3, "close", reason="reset")
        late = self.tcp(self.switch.port)
        self.expect_end(late)
        self.assertEqual(self.switch.wait("close", peer=4)["error"],
                         "nobody called plc is on the line")


class CommandTest(TestCase):
    def setUp(self):
        super().setUp()
        self.switch = self.daemon("tcp://127.0.0.1:0?reply=echo", f"unix:{self.path('a')}")
        self.one = self.tcp(self.switch.port)
        self.other = self.unix(self.path("a"))
        self.switch.wait_count(2, "open")

    def test_join_and_part(self):
        self.switch.command("/name 2 device")
        self.switch.command("/join 1 device")
        self.switch.wait("join", peer=2, other=1)
        self.one.sendall(b"to the other")
        self.expect(self.other, "to the other")
        self.other.sendall(b"back")
        self.expect(self.one, "back")
        self.switch.command("/part 1")
        self.switch.wait("part", peer=1, other=2)
        self.assertEqual(self.switch.command("/info 1")["peer"]["joined"], [])
        self.one.sendall(b"alone")
        self.assertNotIn("to", self.switch.wait("message", text="alone"))
        self.assertEqual(self.switch.seen("sent"), [])

    def test_half_closed_lines_that_are_parted_end(self):
        """Before, they wait for each other."""
        switch = self.daemon("tcp://127.0.0.1:0?half-close=0.05")
        ends = [self.tcp(switch.port) for _ in range(3)]
        switch.wait_count(3, "open")
        ends[2].shutdown(socket.SHUT_WR)
        switch.command("/join 1 2")
        ends[0].shutdown(socket.SHUT_WR)
        self.expect_end(ends[1])
        switch.wait("close", peer=3, reason="eof")
        switch.command("/part 2")
        switch.wait("close", peer=1, reason="eof")
        self.assertEqual(switch.command("/info 2")["peer"]["state"], "open")

    def test_a_line_may_be_joined_to_several(self):
        third = self.tcp(self.switch.port)
        self.switch.wait_count(3, "open")
        self.switch.command("/join 1 2")
        self.switch.command("/join 1 3")
        self.one.sendall(b"all")
        self.expect(self.other, "all")
        self.expect(third, "all")
        self.assertEqual(self.switch.wait("message")["to"], [2, 3])
        third.close()
        self.switch.wait("half-close", peer=3)
        self.assertEqual(self.switch.command("/info 1")["peer"]["state"], "open")

    def test_what_cannot_be_joined(self):
        self.switch.refused("/join 1 1", "itself")
        self.switch.refused("/join 1 9", "9")
        self.switch.refused("/join 1", "PEER")
        self.switch.refused("/part 1", "joined to nobody")
        self.switch.command("/join 1 2")
        self.switch.refused("/join 2 1", "already")

    def test_a_call_to_itself(self):
        number = self.switch.command(f"/connect tcp://127.0.0.1:{self.switch.port}")["peer"]
        self.switch.wait_count(4, "open")
        self.switch.refused(f"/join 1 {number}", "itself")
        self.switch.refused("/join 3 4", "itself")
        number = self.switch.command(f"/connect unix:{self.path('a')}")["peer"]
        self.switch.wait_count(6, "open")
        self.switch.refused(f"/join {number} 1", "itself")

    def test_a_read_only_console_joins_nobody(self):
        self.switch.command("/read-only")
        self.switch.refused("/join 1 2", "read-only")
        self.switch.refused("/part 1", "read-only")


class DatagramTest(TestCase):
    def test_each_sender_has_a_call_of_its_own(self):
        far = self.udp(bind=("127.0.0.1", 0))
        daemon = self.daemon(f"udp://127.0.0.1:0?to=udp://127.0.0.1:{far.getsockname()[1]}")
        one, other = self.udp(daemon.port), self.udp(daemon.port)
        seen = {}
        for sender, text in ((one, b"one"), (other, b"other")):
            sender.send(text)
            data, address = far.recvfrom(99)
            self.assertEqual(data, text)
            seen[text] = address
        self.assertNotEqual(seen[b"one"], seen[b"other"])
        far.sendto(b"", seen[b"other"])
        far.sendto(b"for one", seen[b"one"])
        self.assertEqual(one.recv(99), b"for one")
        self.assertEqual(other.recv(99), b"")
        daemon.command("/close 1")
        daemon.wait("close", peer=2, reason="operator")

    def test_it_ends_with_its_call(self):
        far = self.udp(bind=("127.0.0.1", 0))
        daemon = self.daemon("--udp-idle-timeout", "0.3",
                             f"udp://127.0.0.1:0?to=udp://127.0.0.1:{far.getsockname()[1]}")
        one = self.udp(daemon.port)
        one.send(b"x")
        daemon.wait_count(2, "close")
        one.send(b"y")
        self.assertEqual(daemon.wait("open", peer=3)["transport"], "udp")

    def test_datagrams_over_a_stream(self):
        far = self.listener()
        daemon = self.daemon("udp://127.0.0.1:0?to=tcp://127.0.0.1:"
                             f"{far.getsockname()[1]}?framing=length:u16be")
        one = self.udp(daemon.port)
        one.send(b"abc")
        one.send(b"")
        line = self.accept(far)
        self.expect(line, b"\0\3abc\0\0")
        line.sendall(b"\0\2ok")
        self.assertEqual(one.recv(99), b"ok")
        line.close()
        daemon.wait("half-close", peer=2)


class UsageTest(TestCase):
    def test_what_cannot_stand_there(self):
        for endpoint, *parts in (
                ("tcp://:0?reply=echo&to=boiler", "to=boiler", "reply="),
                ("tcp://:0?to=9boiler", "9boiler", "not a name"),
                ("tcp://:0?to=", "to= is empty"),
                ("tcp://:0?to=boiler&name=x", "'name=x' stands behind to=", "last"),
                ("tcp://:0?to=tcp://h:1&name=x", "'name=x' stands behind to=", "behind a ?"),
                ("tcp://:0?to=127.0.0.1:1&to=x", "'to=x' stands behind to="),
                ("tcp://:0?to=tcp://h:70000", "70000"),
                ("tcp://:0?to=tcp://h:1?again=5", "again="),
                ("tcp://:0?to=tcp://h:1?reply=echo", "reply="),
                ("tcp://:0?to=tcp://h:1?sped=5", "sped")):
            self.refuse_daemon([endpoint], 2, *parts)
        self.refuse_daemon(["--call", "tcp://h:1?to=boiler", "tcp://:0"], 2, "to")
        self.refuse_telex(["tcp://127.0.0.1:1?to=boiler"], 2, "to")


class OwnTest(TestCase):
    def test_a_listener_of_its_own_is_no_far_end(self):
        port = self.free_port()
        for far in (f"tcp://127.0.0.1:{port}", f"tcp://localhost:{port}", f"tcp://*:{port}",
                    f"ws://127.0.0.1:{port}"):
            self.refuse_daemon([f"tcp://*:{port}?to={far}"], 2, far.rpartition("/")[2], "itself")
        other = self.free_port()
        self.refuse_daemon([f"tcp://*:{port}?to=tcp://127.0.0.1:{other}",
                            f"tcp://*:{other}?to=tcp://127.0.0.1:{port}"], 2, "itself")
        path = self.path("own")
        self.refuse_daemon([f"unix:{path}?to=unix:{path}"], 2, "itself")

    def test_nor_at_run_time(self):
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        for scheme, port in zip(("tcp", "udp"), daemon.ports):
            daemon.refused(f"/listen {scheme}://127.0.0.1:0?to={scheme}://127.0.0.1:{port}", "itself")
        self.assertEqual(len(daemon.command("/listeners")["listeners"]), 2)

    def test_nor_one_that_comes_later(self):
        port = self.free_port()
        daemon = self.daemon(f"tcp://127.0.0.1:0?to=tcp://127.0.0.1:{port}")
        daemon.command(f"/listen tcp://127.0.0.1:{port}")
        self.expect_end(self.tcp(daemon.port))
        self.assertIn("itself", daemon.wait("close", peer=1, reason="error")["error"])

    def test_nor_one_by_another_name(self):
        os.mkdir(self.path("names"))
        self.file("names/me.example", "127.0.0.1\n")
        env = {"NAMES": self.path("names"), "LD_PRELOAD": os.environ["TELEX_NAMES"],
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        for scheme in ("tcp", "ws", "tls") if has_tls() else ("tcp", "ws"):
            port = self.free_port()
            daemon = self.daemon(f"tcp://127.0.0.1:{port}?to={scheme}://me.example:{port}", env=env)
            self.expect_end(self.tcp(port))
            self.assertIn("itself", daemon.wait("close", peer=1, reason="error")["error"])
            while daemon.command("/peers")["peers"]:
                daemon.command("/stats")
            self.assertLess(len(daemon.seen("open")), 6)


class ReloadTest(ReloadCase):
    def test_who_comes_from_then_on_is_joined_to_another(self):
        one, other = self.listener(), self.listener()
        port = self.free_port()

        def lines(*listeners):
            return "".join(f"listen tcp://127.0.0.1:{port}?to=tcp://127.0.0.1:"
                           f"{each.getsockname()[1]}\n" for each in listeners)

        daemon = self.start(lines(one), endpoints=(), count=1)
        first = self.tcp(port)
        far = self.accept(one)
        daemon.wait("join", other=1)
        self.reload(daemon, lines(other))
        second = self.tcp(port)
        self.accept(other)
        first.sendall(b"as before")
        self.expect(far, "as before")
        self.assertEqual(len(daemon.seen("listening")), 1)
        second.close()

    def test_a_far_end_that_is_none_changes_nothing(self):
        daemon = self.start("listen tcp://127.0.0.1:0?to=boiler\n", endpoints=(), count=1)
        self.write("listen tcp://127.0.0.1:0?to=tcp://h:70000\n")
        self.hang_up(daemon, "70000")
        self.expect_end(self.tcp(daemon.port))


class TextTest(JoinedCase):
    def test_a_person_sees_where_it_went(self):
        daemon = self.text_daemon(f"tcp://127.0.0.1:0?to=tcp://127.0.0.1:{self.far_port}")
        near = self.tcp(daemon.port)
        far = self.accept(self.far)
        daemon.wait_output("#2 joined to #1")
        near.sendall(b"hello\n")
        daemon.wait_output("#1 → #2 hello\\n")
        far.close()
        near.close()
        daemon.wait_output("no longer joined to #")


if __name__ == "__main__":
    main()
