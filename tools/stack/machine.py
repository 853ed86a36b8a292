"""What the objects themselves say, where GCC's call graph is silent.

- Scope. The graph prefixes static and inline functions alike by the file's name, yet the linker
  keeps one of the inline ones.
- Aliases. A constructor is called as C1 and defined as C2; identical functions share one body.
- Realigned frames. The stack usage that GCC prints for a function with a local of more than 16
  bytes of alignment N may be N - 16 short, since it takes the caller's frame to be aligned to N.
- Calls that the graph does not have (inline assembly), found by comparing.
"""

import dataclasses
import pathlib
import re
import subprocess

_SYMBOL = re.compile(r"^(?P<value>[0-9a-f]{16}) (?P<scope>.).{5}F (?P<section>\S+)\s+[0-9a-f]+\s+"
                     r"(?:\.(?:hidden|protected|internal) )?(?P<name>\S+)$")
_HEADER = re.compile(r"^[0-9a-f]+ <(?P<name>[^>]+)>:$")
_REALIGN = re.compile(r"\band\s+\$0x(?P<mask>[0-9a-f]+),%[re]sp\b")
_DIRECT = re.compile(r"\b(?:call|jmp)q?\s+[^*\s].*R_X86_64_(?:PLT32|PC32)\s+(?P<name>[^\s+-]+)")
_THROUGH_GOT = re.compile(r"\b(?:call|jmp)q?\s+\*.*R_X86_64_GOTPCREL\w*\s+(?P<name>[^\s+-]+)")
_INDIRECT = re.compile(r"\bcallq?\s+\*")


@dataclasses.dataclass
class Machine:
    """Facts of one object, by assembler name."""
    shared: set[str]                    # Functions that other objects see by this name.
    aliases: dict[str, set[str]]        # Names of the same body, itself excluded.
    realigned: dict[str, int]           # Alignment in bytes of frames aligned beyond the ABI's 16.
    calls: dict[str, set[str]]          # Names called through a relocation.
    indirect: set[str]                  # Functions that call through a pointer.


def _run(*command: str) -> list[str]:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def demangle(symbols: set[str]) -> dict[str, str]:
    """Symbol to signature, without the return type. GCC's own labels lose what precedes "..."."""
    ordered = sorted(symbols)
    output = subprocess.run(["c++filt"], input="\n".join(ordered), check=True,
                            capture_output=True, text=True).stdout.splitlines()
    return dict(zip(ordered, output, strict=True))


def _read_symbols(machine: Machine, lines: list[str]) -> None:
    bodies: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if symbol := _SYMBOL.match(line):
            bodies.setdefault((symbol["section"], symbol["value"]), set()).add(symbol["name"])
            if symbol["scope"] != "l":
                machine.shared.add(symbol["name"])
    for names in bodies.values():
        for name in names if len(names) > 1 else ():
            machine.aliases[name] = names - {name}


def read_object(path: pathlib.Path) -> Machine:
    machine = Machine(set(), {}, {}, {}, set())
    _read_symbols(machine, _run("objdump", "-tw", str(path)))
    function = ""
    for line in _run("objdump", "-drw", "--no-show-raw-insn", str(path)):
        if header := _HEADER.match(line):
            function = header["name"].removesuffix(".cold")
        elif mask := _REALIGN.search(line):
            alignment = 2**64 - int(mask["mask"], 16)
            if alignment > 16:
                machine.realigned[function] = max(alignment, machine.realigned.get(function, 0))
        elif call := _DIRECT.search(line) or _THROUGH_GOT.search(line):
            machine.calls.setdefault(function, set()).add(call["name"])
        elif _INDIRECT.search(line):
            machine.indirect.add(function)
    return machine
