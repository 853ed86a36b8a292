#!/usr/bin/env python3
"""Proves the stack budget: the deepest path of every request handler and search in the call graph.

  prove.py [--entry REGEX] [--budget BYTES] [--budget-of NAME=BYTES] [--json] [--cc OUT] INPUT...

INPUT is a directory, an object, or a .ci file (GCC -fcallgraph-info=su). Every .ci file has its
object beside it. Exit 0: proved; 1: over the budget, or not provable; 2: wrong use.

With --cc it writes the table and exits 0; the table is empty where there is no proof, so that a
program can be built, and shows no bound, while the test of the budget fails.
"""

import argparse
import pathlib
import re
import sys

import costs
import graph
import machine
import parse
import report

HERE = pathlib.Path(__file__).resolve().parent
# A handler is a function vexfs::fs::...::on_<operation>; searches run on threads of their own.
DEFAULT_ENTRY = (r"\bvexfs::fs::(?:[^ (]+::)?on_(\w+)(?:\(|$)"
                 r"|^vexfs::(?:index|engine)::((?:HnswIndex|KnnSearchEngine)::search\w*)\(")


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+", type=pathlib.Path, metavar="INPUT")
    parser.add_argument("--entry", default=DEFAULT_ENTRY, metavar="REGEX",
                        help="signature of an entry point; its first group is the operation's name")
    parser.add_argument("--budget", type=int, metavar="BYTES")
    parser.add_argument("--budget-of", action="append", default=[], type=own_budget,
                        metavar="NAME=BYTES", help="another budget, for one operation")
    parser.add_argument("--costs", type=pathlib.Path, default=HERE / "library_costs.json")
    parser.add_argument("--indirect", type=pathlib.Path, default=HERE / "indirect_calls.json")
    parser.add_argument("--json", action="store_true", help="write JSON to standard output")
    parser.add_argument("--cc", type=pathlib.Path, metavar="OUT", help="write the C++ table")
    return parser.parse_args(argv)


def own_budget(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name or not number.isdigit():
        raise argparse.ArgumentTypeError(f"{text}: not NAME=BYTES")
    return name, int(number)


def entries(program: graph.Graph, pattern: str) -> dict[str, list[str]]:
    """Operation name to the keys of its entry points. Compiler-made parts of a function (a dot in
    the name) and functions nested in one (_ZZ) are no entries of their own."""
    found: dict[str, list[str]] = {}
    for key, function in program.functions.items():
        if "." in function.symbol or function.symbol.startswith("_ZZ"):
            continue
        if match := re.search(pattern, function.name):
            name = next(filter(None, match.groups()), function.symbol)
            found.setdefault(name, []).append(key)
    return found


def load(options: argparse.Namespace) -> tuple[graph.Graph, costs.IndirectTable]:
    paths = parse.find_units(options.inputs)
    machines = [machine.read_object(path.with_suffix(".o")) for path in paths]
    units = [parse.parse_unit(path, facts.shared)
             for path, facts in zip(paths, machines, strict=True)]
    indirect = costs.IndirectTable(costs.load(options.indirect))
    library = costs.LibraryCosts(costs.load(options.costs))
    return graph.Graph(units, machines, library, indirect), indirect


def main(argv: list[str]) -> int:
    options = arguments(argv)
    try:
        program, indirect = load(options)
    except (parse.ParseError, costs.TableError, OSError, re.error) as error:
        print(f"prove.py: {error}", file=sys.stderr)
        return 2
    bounds = {operation: max((program.depth(key) for key in keys), key=lambda depth: depth.bytes)
              for operation, keys in entries(program, options.entry).items()}
    found = program.problems | {graph.Problem("stale annotation", name)
                                for name in indirect.unused()}
    if not bounds:
        found.add(graph.Problem("no entry", f"no function matches {options.entry}"))
    budgets = {operation: options.budget for operation in bounds}
    for operation, own in options.budget_of:
        if operation not in bounds:
            found.add(graph.Problem("stale budget", f"no operation is called {operation}"))
        budgets[operation] = own

    if options.cc is not None:
        options.cc.write_text(report.as_cc({} if found else bounds))
        print(report.problems(found), file=sys.stderr, end="\n" if found else "")
        return 0
    if options.json:
        print(report.as_json(bounds, found, budgets), end="")
    else:
        print(report.text(bounds, budgets))
    if found:
        print(report.problems(found), file=sys.stderr)
        return 1
    return 1 if any(report.over(depth, budgets[name]) for name, depth in bounds.items()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
