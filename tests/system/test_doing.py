# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator does at the desk besides talking: bytes with checks."""

from telex_test import Terminal, TestCase, main, program

# Request of Modbus RTU, and the check that the standard gives for it.
MODBUS = bytes.fromhex("01 03 00 00 00 02 c4 0b")


class Bytes(TestCase):
    """Bytes that are spelled out, with checks behind them."""

    def test_checks(self):
        daemon = self.daemon("--control", self.path("control"), "tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        for items, wanted in (("01 03 00 00 00 02 crc16", MODBUS),
                              ('"123456789" crc16-ccitt', b"123456789\x29\xb1"),
                              ('"123456789" crc32', b"123456789\x26\x39\xf4\xcb"),
                              ('"123456789" sum8 xor8', b"123456789\xdd\xec")):
            daemon.command(f"/bytes 1 {items}")
            self.expect(peer, wanted)
        daemon.refused("/bytes 1 crc16", "crc16")
        daemon.refused("/bytes 1 00 crc8", "crc8", "crc16-ccitt")

    def test_a_line_full_of_checks_is_no_work(self):
        """Each check is over all before it; a line of 150,000 must not read it as often."""
        daemon = self.daemon("tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.open()
        daemon.command("/bytes 1 01 " + "sum8 " * 150000)
        self.expect(peer, b"\x01\x01\x02\x04\x08")

    def test_they_are_shown(self):
        """In hex, to who sent them, at the daemon and attached; a text stays a text."""
        path = self.path("control")
        daemon = self.text_daemon("--control", path, "tcp://127.0.0.1:0")
        peer = self.tcp(daemon.ports[0])
        daemon.wait_output(b"connected")
        daemon.line('/bytes 1 "AT" 0d')
        self.expect(peer, b"AT\r")
        daemon.wait_output(b"41 54 0d")
        attached = Terminal(self, [program("TELEX"), "attach", path])
        attached.wait_seen("attached")
        attached.line('/bytes 1 "BT" 0d')
        attached.wait_seen("42 54 0d")
        self.expect(peer, b"BT\r")
        attached.line("@1 CT")
        attached.wait_seen(r"CT\n")
        daemon.wait_output(b"BT\\r")


if __name__ == "__main__":
    main()
