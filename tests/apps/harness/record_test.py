"""The comparison itself can fail: each rule of record.py is broken once here."""

import unittest

from record import judge, parse


def verdict(plain, mount):
    return judge({"plain": parse(plain), "mount": parse(mount)})


class RecordTest(unittest.TestCase):
    def test_equal_runs_pass(self):
        text = "check\ta\tpass\nprobe\tb\tpass\nsame\tc\t12\n"
        result = verdict(text, text)
        self.assertTrue(result.ok)
        self.assertEqual(result.passed, 3)

    def test_probe_that_fails_only_on_the_mount_fails(self):
        result = verdict("probe\ta\tpass\n", "probe\ta\tfail: EIO\n")
        self.assertEqual(result.failures, ["a: mount fail: EIO"])

    def test_probe_skipped_only_on_the_mount_fails(self):
        self.assertFalse(verdict("probe\ta\tpass\n", "probe\ta\tskip\n").ok)

    def test_probe_that_fails_on_plain_is_not_held_against_the_mount(self):
        result = verdict("probe\ta\tfail: x\n", "probe\ta\tfail: y\n")
        self.assertTrue(result.ok)
        self.assertEqual((result.passed, result.skipped), (0, 1))

    def test_limit_of_every_mount_is_skipped(self):
        result = verdict("probe\ta\tpass\n", "probe\ta\tlimit: no such request\n")
        self.assertEqual((result.failures, result.skipped), ([], 1))
        self.assertFalse(verdict("check\ta\tpass\n", "check\ta\tlimit: x\n").ok)

    def test_check_that_fails_in_both_places_fails(self):
        self.assertFalse(verdict("check\ta\tfail: x\n", "check\ta\tfail: x\n").ok)

    def test_different_values_fail(self):
        result = verdict("same\tsum\t1\n", "same\tsum\t2\n")
        self.assertEqual(result.failures, ["sum: plain 1, mount 2"])

    def test_missing_record_fails(self):
        result = verdict("check\ta\tpass\ncheck\tb\tpass\n", "check\ta\tpass\n")
        self.assertEqual(result.failures, ["mount: b was not recorded"])

    def test_silence_garbage_and_repeats_fail(self):
        self.assertFalse(judge({"mount": parse("")}).ok)
        self.assertFalse(judge({"mount": parse("check\ta\tpass\nhello\n")}).ok)
        self.assertFalse(judge({"mount": parse("check\ta\tpass\ncheck\ta\tpass\n")}).ok)

    def test_one_place_alone(self):
        self.assertTrue(judge({"plain": parse("probe\ta\tskip\n")}).ok)
        self.assertTrue(judge({"mount": parse("probe\ta\tskip\n")}).ok)
        self.assertFalse(judge({"mount": parse("probe\ta\tfail: EIO\n")}).ok)


if __name__ == "__main__":
    unittest.main()
