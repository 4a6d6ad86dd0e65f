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
MS_REC, MS_PRIVATE = 0x4000, 0x40000
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


def become_root(user, group):
    """Maps who we were to root of the user namespace that we have just entered."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"),
                       ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def set_loopback(up):
    """Up, or down: a cut cable to all that is connected."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(one, SIOCGIFFLAGS, request))[1]
        flags = flags | IFF_UP if up else flags & ~IFF_UP
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags))


def mount_run():
    """In a folder that somebody has changed the root to (chroot(8)) this cannot be done; then
    what is in /run is used, if no telexd is there."""
    try:
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        mount("tmpfs", "/run", "tmpfs", data="mode=755")
    except OSError as error:
        if error.errno != errno.EINVAL or os.path.exists("/run/telex"):
            raise


def enter():
    """To be called once, by setUpModule, before a thread is begun: this process and those that it
    starts have the machine for themselves. Skips the tests where the system does not allow it."""
    user, group = os.geteuid(), os.getegid()
    try:
        check(libc.unshare(CLONE_NEWNS | CLONE_NEWNET | (CLONE_NEWUSER if user else 0)))
        if user:
            become_root(user, group)
        mount_run()
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EINVAL, errno.ENOSPC, errno.ENOSYS):
            raise
        raise unittest.SkipTest(f"no network and /run of our own: {error.strerror}") from None
    set_loopback(True)
