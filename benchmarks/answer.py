"""How long an answer takes: edit the SQL, `porter test EP`, against the whole `mage test:python`.

    python benchmarks/answer.py CHECKOUT EP SQL_FILE [--python PATH] [--whole | --seconds S]

The edit is a function at the end of SQL_FILE, another each round, so that the package is compiled,
its tests run and the library linked anew each time; the file is put back. One round warms up.
`--whole` also runs the checkout's whole `mage test:python` once, with as many rounds after it as
before, since a machine changes its pace; `--seconds` takes a figure measured before on this
machine. The bar is a sixtieth. `mage test:python` needs the checkout's Python on PATH.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

BAR = 60


def main() -> None:
    """Print each round, the median, and its part of the whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("endpoint")
    parser.add_argument("sql")
    parser.add_argument("--python")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--seconds", type=float)
    asked = parser.parse_args()
    porter = str(Path(sys.executable).parent / "porter")
    command = [porter, "test", asked.endpoint, "-C", str(asked.checkout)]
    command += ["--python", asked.python] if asked.python else []
    file = asked.checkout / asked.sql
    times = rounds(command, file, asked.rounds)
    whole = asked.seconds
    if asked.whole:
        whole = seconds(["mage", "test:python"], asked.checkout)[0]
        times += rounds(command, file, asked.rounds)
    middle = statistics.median(times)
    print(f"median of {len(times)}: {middle:.1f} s")
    if whole:
        print(f"mage test:python {whole:.0f} s: 1/{whole / middle:.0f} of it (bar: 1/{BAR})")


def rounds(command: list[str], file: Path, count: int) -> list[float]:
    """Seconds from an edit to the answer, the first round left out."""
    before = file.read_bytes()
    times = []
    try:
        for number in range(count + 1):
            edit = f'\nfunc answerRound() string {{ return "{number} {time.time_ns()}" }}\n'
            file.write_bytes(before + edit.encode())
            took, code = seconds(command, Path.cwd())
            print(f"round {number}: {took:.1f} s, exit {code}" + (" (warms up)" * (not number)))
            times += [took] if number else []
    finally:
        file.write_bytes(before)
    return times


def seconds(command: list[str], folder: Path) -> tuple[float, int]:
    """Wall time and exit code of a command."""
    start = time.perf_counter()
    code = subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode
    return time.perf_counter() - start, code


if __name__ == "__main__":
    main()
