"""docs/guide/dashboards-security.md names a test for each attack; each must be there."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/guide/dashboards-security.md"
SOURCES = [*ROOT.glob("src/dashboards/*/tests/*_test.cc"), *ROOT.glob("src/foundation/http/tests/*_test.cc")]


class SecurityTable(unittest.TestCase):
    def test_each_row_names_tests_that_exist(self):
        there = set()
        for path in SOURCES:
            there |= {f"{suite}.{name}" for suite, name in
                      re.findall(r"^TEST(?:_F)?\((\w+), (\w+)\)", path.read_text(), re.MULTILINE)}
        for path in ROOT.glob("tests/e2e/*_test.py"):
            there |= set(re.findall(r"def (test_\w+)", path.read_text()))
        rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")][1:]
        self.assertGreater(len(rows), 15)
        for row in rows:
            named = re.findall(r"`((?:\w+Test|ApplyInputs)\.\w+|test_\w+)`", row.rsplit("|", 2)[1])
            self.assertTrue(named, f"no test: {row}")
            self.assertEqual([name for name in named if name not in there], [], row)


if __name__ == "__main__":
    unittest.main()
