"""The program's call graph, and the deepest path from a function.

Depth of a function = its frame (return address included) + the larger of the red zone, which a
function without calls may use below its frame, and the deepest of its callees. Whatever hinders
that sum - recursion, an unbounded frame, an unpriced or unknown callee - is a Problem.
"""

import dataclasses
import fnmatch

from costs import IndirectTable, LibraryCosts
from machine import Machine, demangle
from parse import INDIRECT, Function, Unit, called

RED_ZONE_BYTES = 128   # System V ABI, x86-64.
ABI_ALIGNMENT = 16


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    kind: str
    text: str


@dataclasses.dataclass(frozen=True)
class Step:
    """One line of a path: a function and its bytes."""
    name: str
    bytes: int
    place: str = ""


@dataclasses.dataclass(frozen=True)
class Depth:
    bytes: int
    path: tuple[Step, ...]


_RED_ZONE = Depth(RED_ZONE_BYTES, (Step("(red zone)", RED_ZONE_BYTES),))


class Graph:
    def __init__(self, units: list[Unit], machines: list[Machine],
                 costs: LibraryCosts, indirect: IndirectTable):
        self.functions: dict[str, Function] = {}
        self.problems: set[Problem] = set()
        self._costs = costs
        self._indirect = indirect
        self._depths: dict[str, Depth] = {}
        self._open: list[str] = []          # Keys on the walk from the entry to here.
        self._aliases: dict[str, set[str]] = {}
        self._names: dict[str, str] = {}
        for unit, machine in zip(units, machines, strict=True):
            for name, others in machine.aliases.items():
                self._aliases.setdefault(name, set()).update(others)
            self._add(unit, machine)
        self._names = demangle({function.symbol for function in self.functions.values()} |
                               {called(key) for function in self.functions.values()
                                for key in function.calls})
        for function in self.functions.values():
            function.name = self._names[function.symbol]

    def _add(self, unit: Unit, machine: Machine) -> None:
        known: set[str] = set()
        for function in unit.functions:
            alignment = machine.realigned.get(function.symbol, ABI_ALIGNMENT)
            function.frame_bytes += alignment - ABI_ALIGNMENT
            known.add(function.symbol)
            known.update(called(key) for key in function.calls)
            if (function.symbol in machine.indirect and
                    not any(key.startswith(INDIRECT) for key in function.calls)):
                self._problem("hidden call", f"{function.symbol} calls through a pointer "
                                             "and the call graph does not say so")
            self._merge(function)
        for caller, targets in machine.calls.items():
            for target in targets:
                names = {target.removesuffix(".cold"), *machine.aliases.get(target, ())}
                if not target.startswith(".") and not names & known:
                    self._problem("hidden call", f"{caller} calls {target} in {unit.path.stem} "
                                                 "and the call graph does not say so")

    def _merge(self, function: Function) -> None:
        """An inline function is emitted in many objects; the linker keeps any one of them."""
        first = self.functions.setdefault(function.key, function)
        first.frame_bytes = max(first.frame_bytes, function.frame_bytes)
        first.bounded = first.bounded and function.bounded
        for callee, place in function.calls.items():
            first.calls.setdefault(callee, place)

    def _problem(self, kind: str, text: str) -> None:
        self.problems.add(Problem(kind, text))

    def matching(self, pattern: str) -> list[str]:
        """Keys of our functions whose signature matches the pattern."""
        return [key for key, function in self.functions.items()
                if fnmatch.fnmatchcase(function.name, pattern)]

    def depth(self, key: str) -> Depth:
        if key in self._depths:
            return self._depths[key]
        function = self.functions[key]
        if key in self._open:
            cycle = [self.functions[one].name for one in self._open[self._open.index(key):]]
            self._problem("recursion", " -> ".join([*cycle, function.name]))
            return Depth(0, ())
        if not function.bounded:
            self._problem("unbounded frame", f"{function.name} at {function.place}")
        self._open.append(key)
        deepest = _RED_ZONE
        for callee, place in function.calls.items():
            deepest = max(deepest, self._callee_depth(function, callee, place),
                          key=lambda depth: depth.bytes)
        self._open.pop()
        step = Step(function.name, function.frame_bytes, function.place)
        result = Depth(function.frame_bytes + deepest.bytes, (step, *deepest.path))
        self._depths[key] = result
        return result

    def _callee_depth(self, caller: Function, callee: str, place: str) -> Depth:
        if callee.startswith(INDIRECT):
            return self._indirect_depth(caller, place)
        if callee in self.functions:
            return self.depth(callee)
        for alias in sorted(self._aliases.get(callee, ())):
            if alias in self.functions:
                return self.depth(alias)
        return self._library_depth(callee, f"called by {caller.name} at {place}")

    def _library_depth(self, symbol: str, where: str) -> Depth:
        cost = self._costs.find(symbol)
        if cost is None:
            name = self._names.get(symbol, symbol)
            shown = symbol if name == symbol else f"{symbol} ({name})"
            self._problem("unpriced call", f"{shown} {where}")
            return Depth(0, ())
        if cost.terminal:
            return Depth(0, ())
        library = Step(f"library: {self._names.get(symbol, symbol)}", cost.bytes)
        deepest = Depth(0, ())
        if cost.callbacks:
            deepest = self._pattern_depth(cost.callbacks, f"callback of {cost.name}")
        return Depth(cost.bytes + deepest.bytes, (library, *deepest.path))

    def _indirect_depth(self, caller: Function, place: str) -> Depth:
        entry = self._indirect.find(caller.name, place)
        if entry is None:
            self._problem("indirect call", f"{caller.name} at {place} is not annotated")
            return Depth(0, ())
        return self._pattern_depth(entry.targets, f"indirect call of {caller.name}")

    def _pattern_depth(self, patterns: tuple[str, ...], where: str) -> Depth:
        deepest = Depth(0, ())
        for pattern in patterns:
            keys = self.matching(pattern)
            depths = [self.depth(key) for key in keys]
            if not keys and self._costs.find(pattern) is not None:
                depths = [self._library_depth(pattern, where)]
            if not depths:
                self._problem("unknown target", f"{pattern}: {where}")
            deepest = max([deepest, *depths], key=lambda depth: depth.bytes)
        return deepest
