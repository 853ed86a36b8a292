"""Waiting for a condition, for a bounded time."""

import time

WAIT_SECONDS_MAX = 30


def until(condition, seconds=WAIT_SECONDS_MAX, what="the condition"):
    """Returns the first true value of condition(), or raises TimeoutError naming `what`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.005)
