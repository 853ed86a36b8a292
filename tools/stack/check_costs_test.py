#!/usr/bin/env python3
"""Tests of the comparison between the table of library costs and what was measured."""

import unittest

import check_costs


def entry(measured, priced=None):
    return {"how": "test", "measured": measured, "bytes": priced or check_costs.price(measured)}


class Price(unittest.TestCase):
    def test_has_the_larger_margin_and_is_a_multiple_of_16(self):
        self.assertEqual(check_costs.price(8), 80)
        self.assertEqual(check_costs.price(256), 320)
        self.assertEqual(check_costs.price(1000), 1264)


class Breaches(unittest.TestCase):
    def test_figures_within_their_price_pass(self):
        self.assertEqual(check_costs.breaches({"open": entry(8)}, {"open": 80}), [])

    def test_a_call_that_takes_more_than_its_price(self):
        self.assertIn("took 81", check_costs.breaches({"open": entry(8)}, {"open": 81})[0])

    def test_a_call_that_the_table_lacks(self):
        self.assertIn("open", check_costs.breaches({}, {"open": 8})[0])

    def test_a_figure_that_nothing_measures(self):
        self.assertIn("open", check_costs.breaches({"open": entry(8)}, {})[0])

    def test_a_price_without_its_margin(self):
        self.assertIn("margin", check_costs.breaches({"open": entry(8, 16)}, {"open": 8})[0])


class Update(unittest.TestCase):
    def test_figures_only_rise(self):
        table = {"open": entry(100), "close": entry(8), "abort": {"terminal": True, "how": "ends"}}
        updated = check_costs.updated(table, {"open": 50, "close": 40, "read": 16})
        self.assertEqual({name: row.get("measured") for name, row in updated.items()},
                         {"abort": None, "close": 40, "open": 100, "read": 16})
        self.assertEqual(check_costs.breaches({"close": updated["close"]}, {"close": 40}), [])


if __name__ == "__main__":
    unittest.main()
