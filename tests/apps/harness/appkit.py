"""For the applications written in Python: how they record what they saw (see record.py)."""

import os
import subprocess
import sys

DIR = os.environ["APPS_DIR"]
BACKING = os.environ["APPS_BACKING"]
SCRATCH = os.environ["APPS_SCRATCH"]
QUICK = os.environ["APPS_SPEED"] == "quick"


def record(kind, name, value):
    value = " ".join(str(value).split())
    with open(os.environ["APPS_RECORD"], "a", encoding="utf-8") as file:
        file.write(f"{kind}\t{name}\t{value}\n")


def check(name, why=None):
    """Passes when `why` is empty."""
    record("check", name, f"fail: {why}" if why else "pass")


def same(name, value):
    record("same", name, value)


def run(argv, timeout_s, **kwargs):
    """Runs a command to its end; returns (exit code, output). One that does not end is killed, with
    code None."""
    print("+", *argv, flush=True)
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=timeout_s, check=False,
                              stdin=subprocess.DEVNULL, **kwargs)
        code, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        code, output = None, (error.stdout or b"").decode(errors="replace")
    sys.stdout.write(output)
    sys.stdout.flush()
    return code, output


def failure(argv, timeout_s, **kwargs):
    """None if the command exits with 0, otherwise why not, with the end of what it printed."""
    code, output = run(argv, timeout_s, **kwargs)
    if code == 0:
        return None
    last = output.strip().splitlines()[-1:] or [""]
    return f"still running after {timeout_s} s" if code is None else f"exit {code}: {last[0]}"
