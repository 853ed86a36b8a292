"""What the end-to-end tests in Python share: a sandbox, bounded waits, backings and mounts.

Every wait in here has an end. A test that hangs is a test that failed, and it must leave the
machine as it found it.
"""
