"""Retries a call that fails for a while, with exponential backoff and jitter."""
import random
import time


def retry(call, attempts=5, first_wait=0.2, longest_wait=10.0):
    """Calls until it succeeds; raises the last error after so many attempts."""
    wait = first_wait
    for attempt in range(attempts):
        try:
            return call()
        except OSError:
            if attempt + 1 == attempts:
                raise
            time.sleep(random.uniform(0, wait))
            wait = min(wait * 2, longest_wait)
