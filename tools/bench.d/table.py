# SPDX-License-Identifier: GPL-3.0-or-later
"""The table, a line at a time, so that it can be watched as it grows."""

import sys

from figures import median

COLUMNS = [  # title, width
    ("row", -21), ("value", -12), ("telexd", 8), ("epoll", 8), ("libevent", 8), ("figure", 7),
    ("target", 8), ("", -6), ("telexd/s", 9), ("epoll/s", 9), ("libevent/s", 10), ("ncat/s", 8),
    ("socat/s", 8),
]
SERVERS = ["telexd", "epoll", "libevent"]
RIVALS = ["ncat", "socat"]


def number(value, digits=3):
    """At least so many digits that say something, and no exponents: 0.012, 6.21, 161,000."""
    if value is None:
        return "-"
    size = abs(value)
    for places in range(digits):
        if size >= 10 ** (digits - 1 - places):
            return f"{value:,.{places}f}"
    return f"{value:.{digits}f}" if size else "0"


def layout(cells, columns=COLUMNS):
    """Negative widths are aligned left."""
    return " ".join(f"{cell:<{-width}}" if width < 0 else f"{cell:>{width}}"
                    for cell, (_, width) in zip(cells, columns)).rstrip()


def heading():
    line = layout([title for title, _ in COLUMNS])
    return f"{line}\n{'-' * len(line)}"


def measured(values, names):
    return [number(median(values[name])) if values.get(name) else "" for name in names]


def figure(finding):
    """With a digit more, so that what has just missed does not look as if it had not."""
    if finding.trouble:
        return "-"
    return "" if finding.figure is None else number(finding.figure, 4)


def cells_of(finding):
    return [finding.name, finding.unit, *measured(finding.values, SERVERS), figure(finding),
            str(finding.target or ""), finding.verdict,
            *measured(finding.rates, SERVERS + RIVALS)]


def line(finding):
    return layout(cells_of(finding))


def document(findings):
    """All of it as README.md has it: as narrow as it goes, and without the rivals, who are not
    on every machine."""
    width = max(len(finding.name) for finding in findings)
    columns = [("row", -width), *COLUMNS[1:-len(RIVALS)]]
    lines = [layout([title for title, _ in columns], columns)]
    lines += [layout(cells_of(finding), columns) for finding in findings]
    return "\n".join(lines) + "\n"


def footing(findings, notes):
    """What was missed, then the notes."""
    missed = [finding for finding in findings if finding.missed]
    lines = [""] + [f"missed: {finding.summary()}" for finding in missed]
    lines += [f"* {note}" for note in notes]
    return "\n".join(lines)


def progress(text):
    """What goes on now, where somebody watches; an empty text takes it away."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
