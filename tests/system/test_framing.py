# SPDX-License-Identifier: GPL-3.0-or-later
"""What one message of a stream is, both ways: on listeners, on calls, and for telex."""

import signal
import socket
import struct
import threading

from telex_test import TestCase, event_bytes, main

# framing, the frames of three messages on the wire, what is shown of them
FRAMES = [
    ("line", b"one\ntwo\n\n", [b"one\n", b"two\n", b"\n"]),
    ("nul", b"one\0two\0\0", [b"one\0", b"two\0", b"\0"]),
    ("crlf", b"one\r\nt\nwo\r\n\r\n", [b"one\r\n", b"t\nwo\r\n", b"\r\n"]),
    ("delimiter:2323", b"one##t#wo####", [b"one##", b"t#wo##", b"##"]),
    ("fixed:3", b"onetwotre", [b"one", b"two", b"tre"]),
    ("length:u16be", b"\0\3one\0\0\0\4four", [b"one", b"", b"four"]),
    ("length:u32le", b"\3\0\0\0one\1\0\0\0x\0\0\0\0", [b"one", b"x", b""]),
    ("length:u8@1", b"a\2bcd\0e\1f", [b"a\2bc", b"d\0", b"e\1f"]),
    ("length:u32be@0-4", b"\0\0\0\6ab\0\0\0\4\0\0\0\5c",
     [b"\0\0\0\6ab", b"\0\0\0\4", b"\0\0\0\5c"]),
    ("octet", b"3 one2 ab1 \n", [b"one", b"ab", b"\n"]),
    ("mllp", b"\x0bMSH|\r\x1c\r\x0bx\x1c\r\x0b\x1c\r", [b"MSH|\r", b"x", b""]),
    ("stx", b"\2one\3\2\3\2two\3", [b"one", b"", b"two"]),
    ("slip", b"\xc0one\xc0a\xdb\xdcb\xc0\xdb\xdd\xc0", [b"one", b"a\xc0b", b"\xdb"]),
    ("cobs", b"\4one\0\1\1\0\2a\2b\0", [b"one", b"\0", b"a\0b"]),
    ("modbus", b"\0\1\0\0\0\2\1\3\0\2\0\0\0\3\1\3\0\0\3\0\0\0\1\1",
     [b"\0\1\0\0\0\2\1\3", b"\0\2\0\0\0\3\1\3\0", b"\0\3\0\0\0\1\1"]),
]


def spelled(data):
    """For /bytes."""
    return data.hex() if data else '""'


class FramesTest(TestCase):
    def test_any_cut_gives_the_same_messages(self):
        for framing, wire, messages in FRAMES:
            with self.subTest(framing):
                daemon = self.daemon(f"tcp://127.0.0.1:0?framing={framing}")
                for step in (len(wire), 1):
                    one = self.tcp(daemon.port)
                    peer = daemon.open()
                    for at in range(0, len(wire), step):
                        one.sendall(wire[at:at + step])
                    found = daemon.wait_count(len(messages), "message", peer=peer)
                    self.assertEqual([event_bytes(event) for event in found], messages)
                    self.assertFalse([event for event in found
                                      if event.get("partial") or event.get("bad")])
                    info = daemon.command(f"/info {peer}")["peer"]
                    self.assertEqual(info["received"], len(wire))
                daemon.stop()

    def test_what_is_shown_goes_out_as_it_came(self):
        for framing, wire, messages in FRAMES:
            with self.subTest(framing):
                daemon = self.daemon(f"tcp://127.0.0.1:0?framing={framing}")
                one = self.tcp(daemon.port)
                peer = daemon.open()
                for message in messages:
                    daemon.command(f"/bytes {peer} {spelled(message)}")
                wanted = wire[1:] if framing == "slip" else wire  # an end before is no message
                self.expect(one, wanted)
                sent = daemon.seen("sent", peer=peer)
                self.assertEqual([event_bytes(event) for event in sent], messages)
                self.assertEqual(daemon.command(f"/info {peer}")["peer"]["sent"], len(wanted))
                daemon.stop()

    def test_an_echo_is_framed_too(self):
        for framing, wire, _ in FRAMES:
            with self.subTest(framing):
                daemon = self.daemon(f"tcp://127.0.0.1:0?framing={framing}&reply=echo")
                one = self.tcp(daemon.port)
                one.sendall(wire)
                self.expect(one, wire[1:] if framing == "slip" else wire)
                daemon.stop()

    def test_calls_are_framed(self):
        far = self.listener()
        daemon = self.daemon(count=0)
        daemon.command(f"/connect tcp://127.0.0.1:{far.getsockname()[1]}?framing=length:u16be")
        one = self.accept(far)
        peer = daemon.open()
        one.sendall(b"\0\2hi")
        daemon.wait("message", peer=peer, text="hi", size=2)
        daemon.command(f"/send {peer} hello")
        self.expect(one, b"\0\5hello")

    def test_telex_is_framed(self):
        far = self.listener()
        client = self.telex_json(f"tcp://127.0.0.1:{far.getsockname()[1]}?framing=slip")
        one = self.accept(far)
        one.sendall(b"\xc0hi\xc0")
        client.wait("message", text="hi")
        client.command("hello")
        self.expect(one, b"hello\xc0")


    def test_between_pipes_bytes_are_bytes(self):
        far = self.listener()
        client = self.telex(f"tcp://127.0.0.1:{far.getsockname()[1]}?framing=length:u16be")
        one = self.accept(far)
        client.write(b"\0\2hi")
        client.close_stdin()
        self.expect(one, b"\0\2hi")
        self.expect_end(one)
        one.sendall(b"\0\3yes")
        one.close()
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"\0\3yes")


class EolTest(TestCase):
    def test_text_ends_as_the_framing_does(self):
        for framing, end in (("line", b"\n"), ("nul", b"\0"), ("crlf", b"\r\n"),
                             ("delimiter:2323", b"##"), ("gap:20", b""), ("fixed:8", b""),
                             ("raw", b"\n")):
            with self.subTest(framing):
                daemon = self.daemon(f"tcp://127.0.0.1:0?framing={framing}")
                one = self.tcp(daemon.port)
                daemon.command(f"/send {daemon.open()} hello")
                self.expect(one, b"hello" + end)
                daemon.stop()

    def test_an_eol_that_is_given_counts(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=stx&eol=crlf")
        one = self.tcp(daemon.port)
        daemon.command(f"/send {daemon.open()} hello")
        self.expect(one, b"\2hello\r\n\3")

    def test_listeners_tell_it(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=delimiter:2e2e",
                             "tcp://127.0.0.1:0?framing=crlf", "tcp://127.0.0.1:0?framing=cobs")
        listeners = daemon.command("/listeners")["listeners"]
        self.assertEqual([(one["framing"], one["eol"]) for one in listeners],
                         [("delimiter:2e2e", "2e2e"), ("crlf", "crlf"), ("cobs", "none")])


class SetTest(TestCase):
    def test_a_line_may_change_its_framing(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        peer = daemon.open()
        daemon.command(f"/set {peer} framing=length:u16be")
        one.sendall(b"\0\5he")
        one.sendall(b"llo\0\1")
        daemon.wait("message", peer=peer, text="hello")
        daemon.command(f"/send {peer} hi")
        self.expect(one, b"\0\2hi")
        daemon.command(f"/set {peer} framing=delimiter:2323")
        daemon.command(f"/send {peer} hi")
        self.expect(one, b"hi##")
        self.assertEqual(daemon.command(f"/info {peer}")["peer"]["framing"], "delimiter:2323")

    def test_those_on_the_line_follow_their_listener(self):
        config = self.file("telexd.conf", "listen tcp://127.0.0.1:0?name=x\n")
        daemon = self.daemon("--config", config, count=1)
        one = self.tcp(daemon.port)
        peer = daemon.open()
        self.file("telexd.conf", "listen tcp://127.0.0.1:0?name=x&framing=cobs\n")
        daemon.signal(signal.SIGHUP)
        daemon.wait_diagnostic("read again")
        one.sendall(b"\2a\2b\0")
        daemon.wait("message", peer=peer, text=None, base64="YQBi")


class BadTest(TestCase):
    def check(self, framing, wire, *wanted):
        daemon = self.daemon(f"tcp://127.0.0.1:0?framing={framing}")
        one = self.tcp(daemon.port)
        one.sendall(wire)
        one.shutdown(socket.SHUT_WR)
        daemon.wait("half-close")
        found = [(event_bytes(event), event.get("bad", False), event.get("partial", False))
                 for event in daemon.seen("message")]
        self.assertEqual(found, list(wanted))
        daemon.stop()

    def test_what_is_no_frame_is_shown_as_it_came(self):
        self.check("slip", b"a\xdbb\xc0ok\xc0", (b"a\xdbb", True, False), (b"ok", False, False))
        self.check("cobs", b"\5ab\0\3ok\0", (b"\5ab", True, False), (b"ok", False, False))
        self.check("stx", b"junk\2ok\3", (b"junk", True, False), (b"ok", False, False))
        self.check("octet", b"x 2 ok", (b"x ", True, False), (b"ok", False, False))
        self.check("length:u16be@2-4", b"\0\0\0\1\0\0\0\5x",
                   (b"\0\0\0\1", True, False), (b"\0\0\0\5x", False, False))

    def test_a_length_over_the_most_is_bad_up_to_its_end(self):
        long_one = struct.pack(">I", 70000) + b"x" * 70000
        self.check("length:u32be", long_one + b"\0\0\0\2ok", (long_one[:65536], True, True),
                   (long_one[65536:], True, False), (b"ok", False, False))

    def test_the_rest_at_the_end_is_partial(self):
        self.check("length:u8", b"\5ab", (b"ab", False, True))
        self.check("stx", b"\2ab", (b"ab", False, True))
        self.check("fixed:4", b"abcdef", (b"abcd", False, False), (b"ef", False, True))

    def test_what_no_frame_holds_is_refused(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=length:u8", "tcp://127.0.0.1:0?framing=stx")
        one, two = self.tcp(daemon.ports[0]), self.tcp(daemon.ports[1])
        first, second = daemon.open(listener=1), daemon.open(listener=2)
        daemon.refused(f"/send {first} {'x' * 256}", "framing=length:u8")
        daemon.refused(f'/bytes {second} 61 03 62', "framing=stx")
        daemon.command(f"/send {first},{second} ok")
        self.expect(one, b"\2ok")
        self.expect(two, b"\2ok\3")

    def test_words_are_checked(self):
        for word in ("lines", "fixed", "fixed:0", "length:u9", "delimiter:1", "gap:0", "line:1"):
            self.refuse_daemon([f"tcp://127.0.0.1:0?framing={word}"], 2, word)


class GapTest(TestCase):
    def test_a_silence_ends_a_message(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=gap:300")
        one = self.tcp(daemon.port)
        peer = daemon.open()
        for part in (b"a", b"b", b"c"):
            one.sendall(part)
        daemon.wait("message", peer=peer, text="abc")
        one.sendall(b"d")
        daemon.wait("message", peer=peer, text="d")

    def test_the_end_of_the_line_ends_one(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=gap:60000")
        one = self.tcp(daemon.port)
        one.sendall(b"abc")
        one.shutdown(socket.SHUT_WR)
        daemon.wait("message", text="abc", partial=None)


class FloodTest(TestCase):
    def test_many_peers_with_many_frames(self):
        daemon = self.daemon("tcp://127.0.0.1:0?framing=cobs&reply=echo", "--view", "none")
        frames = b"".join(b"\5%04d\0" % number for number in range(5000))
        peers = [self.tcp(daemon.port) for _ in range(8)]
        threads = [threading.Thread(target=one.sendall, args=(frames,)) for one in peers]
        for thread in threads:
            thread.start()
        for one in peers:
            self.assertEqual(self.receive(one, len(frames)), frames)
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
