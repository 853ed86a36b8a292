#!/usr/bin/env python3
"""Writes the table that `vexfs inspect limits` prints: bounds of base/limits.h and what they are.

    limits_table.py LIMITS_H OUT_CC

A bound is told by the comment behind it, or else by that of the lines above it; bounds that share
one follow each other. A constant that is not understood is an error: the table is complete.
"""

import json
import re
import sys

BOUND = re.compile(r"inline constexpr [\w:]+ (k\w+)\s*=\s*[^;]*;(?:\s*//\s*(.*))?$")


def rows(lines):
    """[name, comment] of each bound in the file's order; a group's comment comes with its first."""
    comment, statement, table = [], "", []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not statement and text.startswith("//"):
            comment.append(text.removeprefix("//").strip())
            continue
        if not text:
            comment = []
        statement = f"{statement} {text}".strip()
        if ";" not in statement and "inline constexpr" in statement:
            continue
        if match := BOUND.match(statement):
            name, behind = match.groups()
            table.append([name, behind or "\n".join(comment)])
            comment = [] if not behind else comment
        elif "inline constexpr" in statement:
            sys.exit(f"limits.h:{number}: not understood: {statement}")
        statement = ""
    return table


def source(table):
    out = ["// Made by tools/limits_table.py of base/limits.h.", '#include "cli/limits_table.h"',
           "",
           '#include "base/limits.h"', "", "namespace vexfs::cli {", "namespace {", "",
           "constexpr LimitRow kRows[] = {"]
    out += [f"    {{{json.dumps(name)}, static_cast<double>(limits::{name}), {json.dumps(what)}}},"
            for name, what in table]
    out += ["};", "", "}  // namespace", "",
            "std::span<const LimitRow> limit_rows() { return kRows; }", "",
            "}  // namespace vexfs::cli", ""]
    return "\n".join(out)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        table = rows(file)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(source(table))


if __name__ == "__main__":
    main()
