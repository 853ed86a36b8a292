"""Keeps other programs from disturbing what is timed, as far as priorities can.

Only searches run ahead of others: they take seconds. Builds take minutes, and wait their turn.
"""
import contextlib
import os

NICE = -15


def own_group():
    """Leads a session of its own: a scheduler that groups sessions goes by the group's priority."""
    with contextlib.suppress(PermissionError):  # This process leads a session already.
        os.setsid()
    try:
        set_nice(NICE)
        set_nice(0)
    except OSError:
        print("run: only root may raise its priority; other programs will disturb the figures")


def set_nice(nice):
    os.setpriority(os.PRIO_PGRP, 0, nice)  # Our children too.
    with open("/proc/self/autogroup", "w", encoding="ascii") as file:
        file.write(str(nice))


@contextlib.contextmanager
def ahead():
    """Raises the priority of this process and its children while the context lasts."""
    with contextlib.suppress(OSError):
        set_nice(NICE)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            set_nice(0)
