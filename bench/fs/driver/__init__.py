"""The parts of bench/fs/run."""
