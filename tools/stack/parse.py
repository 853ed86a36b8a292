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
    name: str         # As a person writes it: the demangled signature.
    place: str        # file:line:column
    frame_bytes: int
    bounded: bool
    # Callee's key to the place of a call. Each call through a pointer has a key of its own, which
    # starts with INDIRECT.
    calls: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Unit:
    """What one object defines and whom it calls."""
    path: pathlib.Path
    functions: list[Function]


def symbol_of(title: str) -> str:
    """A name that the source states verbatim, as headers do for open64, has a star before it."""
    return title.rpartition(":")[2].removeprefix("*")


def called(key: str) -> str:
    """The assembler name in a callee's key."""
    return key if key.startswith(INDIRECT) else symbol_of(key)


def parse_unit(path: pathlib.Path, shared: set[str]) -> Unit:
    """`shared` are the functions that other objects see by the same name."""
    functions: dict[str, Function] = {}

    def key_of(title: str) -> str:
        symbol = symbol_of(title)
        return f"{path}:{symbol}" if ":" in title and symbol not in shared else symbol

    for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
        if node := _NODE.match(line):
            title = node["title"]
            lines = node["label"].split("\\n")
            frame = _FRAME.match(lines[-1])
            if frame is None:
                continue
            functions[title] = Function(
                key=key_of(title), symbol=symbol_of(title), name=symbol_of(title),
                place=lines[1] if len(lines) > 2 else "", frame_bytes=int(frame["bytes"]),
                bounded=frame["kind"] in ("static", "dynamic,bounded"))
        elif edge := _EDGE.match(line):
            source = functions.get(edge["source"])
            if source is None:
                raise ParseError(f"{path}:{number}: an edge from an unknown function")
            place = edge["place"] or ""
            target = key_of(edge["target"])
            source.calls.setdefault(f"{target}@{place}" if target == INDIRECT else target, place)
        elif not line.startswith("graph: {") and line != "}":
            raise ParseError(f"{path}:{number}: not a node, an edge or a graph")
    return Unit(path, list(functions.values()))


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
