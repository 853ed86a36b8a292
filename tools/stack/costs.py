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
                for alias in (name, *entry.get("also", ())):
                    self._exact[alias] = cost
        self._patterns.sort(key=lambda cost: -len(cost.name))

    def find(self, symbol: str) -> LibraryCost | None:
        if symbol in self._exact:
            return self._exact[symbol]
        return next((cost for cost in self._patterns
                     if fnmatch.fnmatchcase(symbol, cost.name)), None)


@dataclasses.dataclass(frozen=True)
class IndirectCalls:
    """`targets` are patterns of our functions' signatures, or names of library calls."""
    caller: str
    targets: tuple[str, ...]


class IndirectTable:
    def __init__(self, table: dict[str, dict]):
        self._entries: list[IndirectCalls] = []
        self._used: set[str] = set()
        for caller, entry in table.items():
            if not entry.get("reason"):
                raise TableError(f"{caller}: say in `reason` why these are all the targets")
            self._entries.append(IndirectCalls(caller, tuple(entry["targets"])))

    def find(self, name: str) -> IndirectCalls | None:
        """The annotation of the function with this signature."""
        for entry in self._entries:
            if fnmatch.fnmatchcase(name, entry.caller):
                self._used.add(entry.caller)
                return entry
        return None

    def unused(self) -> list[str]:
        return [entry.caller for entry in self._entries if entry.caller not in self._used]


def load(path: pathlib.Path | None) -> dict[str, dict]:
    """A table file; keys that start with "//" are comments."""
    if path is None:
        return {}
    try:
        table = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise TableError(f"{path}: {error}") from error
    return {key: entry for key, entry in table.items() if not key.startswith("//")}
