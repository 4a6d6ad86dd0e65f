# SPDX-License-Identifier: GPL-3.0-or-later
"""A network and a /run of a test's own: every port is free there, and the paths of root's too."""

import ctypes
import errno
import fcntl
import os
import socket
import struct
import unittest

# unshare(2), mount(2)
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
# netdevice(7)
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source, target, kind=None, flags=0, data=None):
    check(libc.mount(source.encode(), target.encode(), kind and kind.encode(),
                     ctypes.c_ulong(flags), data and data.encode()))


def become_root():
    """Maps who we are to root of the user namespace that we have just entered."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {os.environ['OUTER_UID']} 1"),
                       ("gid_map", f"0 {os.environ['OUTER_GID']} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(one, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def enter(hosts=""):
    """To be called once, by setUpModule, before a thread is begun: this process and those that it
    starts are alone on a machine whose hosts file has these lines too. Skips the tests where the
    system does not allow it."""
    mine = os.geteuid() != 0
    os.environ.update(OUTER_UID=str(os.geteuid()), OUTER_GID=str(os.getegid()))
    try:
        check(libc.unshare(CLONE_NEWNS | CLONE_NEWNET | (CLONE_NEWUSER if mine else 0)))
        if mine:
            become_root()
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        mount("tmpfs", "/run", "tmpfs", data="mode=755")
        with open("/run/hosts", "w", encoding="ascii") as file:
            file.write(f"127.0.0.1 localhost\n{hosts}")
        mount("/run/hosts", "/etc/hosts", flags=MS_BIND)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EINVAL, errno.ENOSPC, errno.ENOSYS):
            raise
        raise unittest.SkipTest(f"no network of our own: {error.strerror}") from None
    raise_loopback()
