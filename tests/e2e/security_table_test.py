"""docs/guide/dashboards-security.md names a test for each attack; each must be there."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/guide/dashboards-security.md"
SOURCES = [*ROOT.glob("src/dashboards/*/tests/*_test.cc"), *ROOT.glob("src/foundation/http/tests/*_test.cc")]


def tables(text):
    """Of each table its rows without the head, as lists of cells."""
    found = re.findall(r"^\|.*\n\|---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[[cell.strip() for cell in line.strip("|").split("|")] for line in rows.splitlines()] for rows in found]


class SecurityTable(unittest.TestCase):
    def test_each_row_names_tests_that_exist(self):
        there = set()
        for path in SOURCES:
            there |= {f"{suite}.{name}" for suite, name in
                      re.findall(r"^TEST(?:_F)?\((\w+), (\w+)\)", path.read_text(), re.MULTILINE)}
        for path in ROOT.glob("tests/e2e/*_test.py"):
            there |= set(re.findall(r"def (test_\w+)", path.read_text()))
        attacks, proofs = tables(PAGE.read_text())
        self.assertGreater(len(attacks), 15)
        for row in [*attacks, *proofs]:
            named = re.findall(r"`((?:\w+Test|ApplyInputs)\.\w+|test_\w+)`", row[-1])
            self.assertTrue(named, f"no test: {row}")
            self.assertEqual([name for name in named if name not in there], [], row)

    def test_each_attack_was_tried_without_its_guard(self):
        attacks, proofs = tables(PAGE.read_text())
        self.assertEqual({row[0] for row in attacks}, {row[0] for row in proofs})
        tests = {row[0]: row[-1] for row in attacks}
        for row in proofs:
            self.assertIn(row[-1], tests[row[0]], "a test that its attack does not name")


if __name__ == "__main__":
    unittest.main()
