"""The two tables that people write: what library calls cost, and where indirect calls lead."""

import dataclasses
import fnmatch
import json
import pathlib


class TableError(Exception):
    """A table with a missing or contradictory field."""


@dataclasses.dataclass(frozen=True)
class LibraryCost:
    """Stack below the caller's frame, the call's return address included. A terminal call never
    returns to the caller: what it needs is not part of an operation. `callbacks` are patterns of
    functions of ours that the library calls in turn."""
    name: str
    bytes: int
    terminal: bool
    callbacks: tuple[str, ...]


class LibraryCosts:
    def __init__(self, table: dict[str, dict]):
        self._exact: dict[str, LibraryCost] = {}
        self._patterns: list[LibraryCost] = []
        for name, entry in table.items():
            terminal = bool(entry.get("terminal", False))
            if terminal == ("bytes" in entry):
                raise TableError(f"{name}: give either bytes or terminal")
            if not entry.get("how"):
                raise TableError(f"{name}: say in `how` where the figure comes from")
            cost = LibraryCost(name, int(entry.get("bytes", 0)), terminal,
                               tuple(entry.get("callbacks", ())))
            if "*" in name:
                self._patterns.append(cost)
            else:
                self._exact[name] = cost
        self._patterns.sort(key=lambda cost: -len(cost.name))

    def find(self, symbol: str) -> LibraryCost | None:
        """The cost of a call; open64 is another name of open on a 64-bit system."""
        for name in (symbol, symbol.removesuffix("64")):
            if name in self._exact:
                return self._exact[name]
        return next((cost for cost in self._patterns
                     if fnmatch.fnmatchcase(symbol, cost.name)), None)


@dataclasses.dataclass(frozen=True)
class IndirectCalls:
    """`targets` are patterns of our functions' signatures, or names of library calls. An empty
    list says that the call cannot happen."""
    call: str
    targets: tuple[str, ...]


class IndirectTable:
    """Keyed by the signature of the calling function or by the place of the call, file:line:column;
    both are patterns."""

    def __init__(self, table: dict[str, dict]):
        self._entries: list[IndirectCalls] = []
        self._used: set[str] = set()
        for call, entry in table.items():
            if not entry.get("reason"):
                raise TableError(f"{call}: say in `reason` why these are all the targets")
            self._entries.append(IndirectCalls(call, tuple(entry["targets"])))

    def find(self, caller: str, place: str) -> IndirectCalls | None:
        for entry in self._entries:
            if fnmatch.fnmatchcase(caller, entry.call) or fnmatch.fnmatchcase(place, entry.call):
                self._used.add(entry.call)
                return entry
        return None

    def unused(self) -> list[str]:
        return [entry.call for entry in self._entries if entry.call not in self._used]


def load(path: pathlib.Path | None) -> dict[str, dict]:
    if path is None:
        return {}
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise TableError(f"{path}: {error}") from error
