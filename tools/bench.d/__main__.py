# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools/bench runs once everything is built: measures telexd beside other echo servers and
prints one table."""

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time

import attack_rows
import duty_rows
import framing_rows
import load_rows
import relay_rows
import state_rows
import table
import tls_rows
from figures import Finding, exit_status
from lab import Lab
from servers import Trouble

ROWS = {**load_rows.ROWS, **state_rows.ROWS, **duty_rows.ROWS, **attack_rows.ROWS,
        **framing_rows.ROWS, **tls_rows.ROWS, **relay_rows.ROWS}

EPILOG = """Every target is marked ok or missed. The figure is the ratio telexd / epoll, round by
round, then the median; where the unit says else, the value itself."""


def read_arguments():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__, epilog=EPILOG)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="which ones (default: all)")
    parser.add_argument("-l", "--list", action="store_true", help="name the rows and end")
    parser.add_argument("-q", "--quick", action="store_true",
                        help="a first look: one short round, in less than a minute")
    parser.add_argument("-c", "--check", action="store_true",
                        help="exit status 1 where a target is missed")
    parser.add_argument("-r", "--rounds", type=int, help="of each row (default 5)")
    parser.add_argument("-t", "--time", type=float, help="seconds of each run (default 1.5)")
    parser.add_argument("-j", "--json", metavar="FILE", help="write all that was measured to FILE")
    parser.add_argument("--table", metavar="FILE",
                        help="write the table to FILE too, as README.md has it")
    parser.add_argument("--telexd", metavar="PROGRAM", help="another one than what is built")
    parser.add_argument("--build", default=".", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for row in arguments.rows:
        if row not in ROWS:
            parser.error(f"no row {row}; --list names them")
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    arguments.time = arguments.time or (0.4 if arguments.quick else 1.5)
    return arguments


def programs(arguments):
    tools = os.path.join(arguments.build, "tools")
    return {
        "telexd": arguments.telexd or os.path.join(arguments.build, "src", "telexd"),
        "epoll": os.path.join(tools, "baseline", "epoll_echo"),
        "epoll_relay": os.path.join(tools, "baseline", "epoll_relay"),
        "libevent": os.path.join(tools, "baseline", "bufferevent_echo"),
        "framing_cost": os.path.join(tools, "baseline", "framing_cost"),
        "bench": os.path.join(tools, "telex-bench", "telex-bench"),
    }


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return (f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} CPUs, "
            f"Linux {platform.release()}; load of the machine before: {os.getloadavg()[0]:.1f}")


def measure(lab, name):
    """What goes wrong in one row must not cost the others."""
    lab.row = name
    try:
        with lab.alone():
            return ROWS[name][0](lab, name)
    except (Trouble, OSError, KeyError, ValueError, subprocess.SubprocessError) as error:
        return [Finding(name, "", trouble=f"{type(error).__name__}: {error}"
                        if not isinstance(error, Trouble) else str(error))]


def measure_all(lab, names):
    print(table.heading(), flush=True)
    findings = []
    for name in names:
        for finding in measure(lab, name):
            table.progress("")
            print(table.line(finding), flush=True)
            findings.append(finding)
    return findings


def main():
    arguments = read_arguments()
    if arguments.list:
        for name, (_, about) in ROWS.items():
            print(f"{name:<16}{about}")
        return 0
    lab = Lab(programs(arguments), arguments.rounds, arguments.time, arguments.quick)
    lab.note(machine())
    lab.hurry()
    started = time.monotonic()
    findings = measure_all(lab, arguments.rows or list(ROWS))
    lab.disturbance()
    lab.note(f"{arguments.rounds} rounds of {arguments.time:g} s, server on CPU {lab.server_cpu}, "
             f"generator on CPU {lab.load_cpu}; {time.monotonic() - started:.0f} s in all")
    print(table.footing(findings, lab.notes))
    if arguments.table:
        with open(arguments.table, "w", encoding="utf-8") as file:
            file.write(table.document(findings))
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"notes": lab.notes, "rounds": arguments.rounds, "seconds": arguments.time,
                       "rows": [finding.as_json() for finding in findings]}, file, indent=2)
            file.write("\n")
    return exit_status(findings, arguments.check)


if __name__ == "__main__":
    # However it ends, no server is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
