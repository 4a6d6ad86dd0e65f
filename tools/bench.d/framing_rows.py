# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to cut messages off a stream, without the rest of telexd."""

import subprocess

from figures import Finding


def measure_framings(lab, _row):
    """Each round measures all framings."""
    values = {}
    for _ in range(lab.rounds):
        output = subprocess.run([lab.programs["framing_cost"]], stdout=subprocess.PIPE, check=True,
                                text=True).stdout
        for line in output.splitlines():
            name, cost = line.split()
            values.setdefault(name, []).append(float(cost))
    lab.note("framings: CPU time to cut a message of 64 bytes off what came")
    return [Finding(name, "ns/message", {"telexd": costs}).take("telexd")
            for name, costs in values.items()]


ROWS = {"framings": (measure_framings, "what each framing costs, ns a message")}
