# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices on serial lines: ptys, and what no pty has."""

import mmap
import os
import select
import struct
import time
import tty

from telex_test import DEADLINE


class Device:
    """What is plugged in at a path: the master of a pty whose slave has that name."""

    def __init__(self, case, name="ttyUSB0"):
        self.case = case
        self.path = case.path(name)
        self.master = None
        self.plug_in()
        case.addCleanup(self.unplug)

    def plug_in(self):
        self.master, self.slave = os.openpty()  # open here: else it ends while nobody has it
        tty.setraw(self.slave)
        self.name = os.ttyname(self.slave)
        os.set_blocking(self.master, False)
        os.symlink(self.name, self.path)

    def unplug(self):
        if self.master is None:
            return
        os.unlink(self.path)
        os.close(self.master)
        os.close(self.slave)
        self.master = None

    def say(self, data):
        end = time.monotonic() + DEADLINE
        while data:
            self.case.assertTrue(select.select([], [self.master], [], end - time.monotonic())[1])
            data = data[os.write(self.master, data[:4096]):]

    def hear(self, size):
        data = bytearray()
        end = time.monotonic() + DEADLINE
        while len(data) < size:
            if not select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                self.case.fail(f"the device heard {bytes(data[:100])!r}, not {size} bytes")
            data += os.read(self.master, min(65536, size - len(data)))
        return bytes(data)

    def expect(self, data):
        self.case.assertEqual(self.hear(len(data)), data)


class Modem:
    """The lines that programs see on all their ttys, and move, with its env (shim/modem.c)."""

    STATE = struct.Struct("=iii")

    def __init__(self, case):
        if "TELEX_MODEM" not in os.environ:
            case.skipTest("TELEX_MODEM must name the library (tests/system/shim)")
        self.case = case
        path = case.file("modem", bytes(self.STATE.size))
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), self.STATE.size)
        case.addCleanup(self.map.close)
        options = os.environ.get("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
        self.env = {"LD_PRELOAD": os.environ["TELEX_MODEM"], "MODEM": path,
                    "ASAN_OPTIONS": options + ":verify_asan_link_order=0"}

    def state(self):
        """Those that are on, whether a break is, and how many there were."""
        return self.STATE.unpack(self.map[:])

    def lines(self):
        return self.state()[0]

    def move(self, lines):
        self.map[:4] = struct.pack("=i", lines)

    def wait(self, judge):
        end = time.monotonic() + DEADLINE
        while not judge(*self.state()):
            self.case.assertLess(time.monotonic(), end)
