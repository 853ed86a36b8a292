"""The parts of bench/ann/run."""
