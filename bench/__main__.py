"""
Measure what the project promises of its speed, on this machine, now.

    python -m bench                          everything, about twenty-five minutes
    python -m bench --only road              road | acks | platforms | memory | search | office |
                                             announcements (BENCH_STORM=4000: a smaller crowd)
    python -m bench --json OUT.json          the figures, for programs

The exit status is 1 when a message was lost, doubled or answered out of order; never because something was slow.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import orjson
from rich.console import Console

from bench import acks, announcements, memory, office, platforms, road, search
from bench.report import SHOWN_FAULTS, Result, progress_console
from tools.errors import RunError
from tools.town import Town

# In this order: memory is measured in a fresh town, and acks stops a program.
PARTS = {
    "memory": memory.measure,
    "road": road.measure,
    "acks": acks.measure,
    "platforms": platforms.measure,
    "search": search.measure,
    "office": office.measure,
    "announcements": announcements.measure,
}
# They start what they need themselves.
BY_THEMSELVES = frozenset({"platforms", "search", "office", "announcements"})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=list(PARTS), action="append", help="measure only this; may be repeated")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args(arguments)
    wanted = [name for name in PARTS if name in (options.only or PARTS)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            results = run(wanted, Path(folder))
    except RunError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if options.json:
        machine = {"cores": os.cpu_count(), "load": [round(one, 2) for one in os.getloadavg()]}
        document = {"machine": machine} | {name: result.values for name, result in results.items()}
        options.json.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    faults = [f"{name}: {fault}" for name, result in results.items() for fault in result.faults]
    for fault in faults[:SHOWN_FAULTS]:
        print(fault, file=sys.stderr)
    if len(faults) > SHOWN_FAULTS:
        print(f"… and {len(faults) - SHOWN_FAULTS} more", file=sys.stderr)
    return 1 if faults else 0


def run(wanted: list[str], folder: Path) -> dict[str, Result]:
    """
    Measure the wanted parts one after the other; each table is printed as soon as it is there.
    """
    console = Console(width=110, highlight=False)
    results = {}
    town = Town(folder)
    try:
        for name in wanted:
            if name not in BY_THEMSELVES:
                with progress_console.status("starting the four programs …"):
                    town.start()
            else:
                town.stop()
            results[name] = PARTS[name](town)
            console.print(results[name].table)
    finally:
        town.stop()
    return results


if __name__ == "__main__":
    sys.exit(main())
