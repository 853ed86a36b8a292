#!/usr/bin/env python3
"""Compares library_costs.json with what measure_costs measures on this machine.

  check_costs.py MEASURE_COSTS            exit 1 where a call takes more than the table allows
  check_costs.py --update MEASURE_COSTS   writes the measured figures, and their prices, down

The price of a measured call is the figure and a margin for what painting cannot see (bytes that a
frame reserves and does not write) and for paths that no run took.
"""

import argparse
import json
import pathlib
import subprocess
import sys

TABLE = pathlib.Path(__file__).resolve().parent / "library_costs.json"
MARGIN_FACTOR = 1.25
MARGIN_BYTES = 64


def price(measured: int) -> int:
    return -(-int(max(measured * MARGIN_FACTOR, measured + MARGIN_BYTES)) // 16) * 16


def measure(program: str) -> dict[str, int]:
    lines = subprocess.run([program], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    return {name: int(figure) for name, figure in map(str.split, lines)}


def breaches(table: dict[str, dict], measured: dict[str, int]) -> list[str]:
    found = [f"{name}: took {figure} bytes, priced at {table[name]['bytes']}"
             for name, figure in measured.items()
             if name in table and figure > table[name]["bytes"]]
    found += [f"{name}: measured, but not in the table" for name in measured if name not in table]
    found += [f"{name}: the table says measured, the program does not measure it"
              for name, entry in table.items() if "measured" in entry and name not in measured]
    found += [f"{name}: priced at {entry['bytes']}, under the margin on {entry['measured']}"
              for name, entry in table.items()
              if "measured" in entry and entry["bytes"] < price(entry["measured"])]
    return found


def updated(table: dict[str, dict], measured: dict[str, int]) -> dict[str, dict]:
    """Figures only rise: the table covers every machine that it was measured on."""
    fresh = {}
    for name, figure in measured.items():
        known = table.get(name, {})
        figure = max(figure, known.get("measured", 0))
        fresh[name] = {"how": "measure_costs"} | known | {"bytes": price(figure),
                                                          "measured": figure}
    kept = {name: entry for name, entry in table.items() if "measured" not in entry}
    return kept | dict(sorted(fresh.items()))


def write(table: dict[str, dict]) -> None:
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in table.items())
    TABLE.write_text("{\n" + rows + "\n}\n")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", metavar="MEASURE_COSTS")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args(argv)
    table = json.loads(TABLE.read_text())
    measured = measure(options.program)
    if options.update:
        write(updated(table, measured))
        return 0
    found = breaches(table, measured)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
