"""Reads the call graphs that GCC writes with -fcallgraph-info=su: one .ci file beside each object.

A .ci file holds one line a node or an edge. A node with a body carries "N bytes (static)" in its
label; a node without one is a function that the object only calls. The titles of static and of
inline functions start with the source file's name and a colon.
"""

import dataclasses
import pathlib
import re

INDIRECT = "__indirect_call"

_NODE = re.compile(r'^node: \{ title: "(?P<title>[^"]*)" label: "(?P<label>[^"]*)"')
_EDGE = re.compile(r'^edge: \{ sourcename: "(?P<source>[^"]*)" targetname: "(?P<target>[^"]*)"'
                   r'(?: label: "(?P<place>[^"]*)")?')
_FRAME = re.compile(r"^(?P<bytes>\d+) bytes \((?P<kind>[a-z,]+)\)$")


class ParseError(Exception):
    """A .ci file that this module does not understand."""


@dataclasses.dataclass
class Function:
    """One function with a body. `frame_bytes` is GCC's figure: it includes the return address and
    pushed arguments, and excludes the red zone."""
    key: str          # The assembler name; for a static function, prefixed by its .ci file.
    symbol: str       # The assembler name.
    name: str         # As a person writes it: the signature.
    place: str        # file:line:column
    frame_bytes: int
    bounded: bool
    calls: dict[str, str] = dataclasses.field(default_factory=dict)  # Callee key to a call's place.


@dataclasses.dataclass
class Unit:
    """What one object defines and whom it calls."""
    path: pathlib.Path
    functions: list[Function]
    externals: dict[str, str]  # Assembler name to label of functions without a body here.


def symbol_of(title: str) -> str:
    return title.rpartition(":")[2]


def parse_unit(path: pathlib.Path, shared: set[str]) -> Unit:
    """`shared` are the functions that other objects see by the same name."""
    functions: dict[str, Function] = {}
    externals: dict[str, str] = {}

    def key_of(title: str) -> str:
        symbol = symbol_of(title)
        return f"{path}:{symbol}" if ":" in title and symbol not in shared else symbol

    for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
        if node := _NODE.match(line):
            title = node["title"]
            lines = node["label"].split("\\n")
            frame = _FRAME.match(lines[-1])
            if frame is None:
                externals.setdefault(symbol_of(title), lines[0])
                continue
            functions[title] = Function(
                key=key_of(title), symbol=symbol_of(title), name=lines[0],
                place=lines[1] if len(lines) > 2 else "", frame_bytes=int(frame["bytes"]),
                bounded=frame["kind"] in ("static", "dynamic,bounded"))
        elif edge := _EDGE.match(line):
            source = functions.get(edge["source"])
            if source is None:
                raise ParseError(f"{path}:{number}: an edge from an unknown function")
            source.calls.setdefault(key_of(edge["target"]), edge["place"] or "")
        elif not line.startswith("graph: {") and line != "}":
            raise ParseError(f"{path}:{number}: not a node, an edge or a graph")
    return Unit(path, list(functions.values()), externals)


def find_units(inputs: list[pathlib.Path]) -> list[pathlib.Path]:
    """The .ci files of the inputs: directories are searched, objects stand for their .ci files."""
    found: set[pathlib.Path] = set()
    for item in inputs:
        if item.is_dir():
            found.update(item.rglob("*.ci"))
        else:
            found.add(item.with_suffix(".ci") if item.suffix == ".o" else item)
    missing = [str(path) for path in found if not path.is_file()]
    if missing:
        raise ParseError("no call graph " + ", ".join(sorted(missing)) +
                         ": build with -fcallgraph-info=su")
    return sorted(found)
