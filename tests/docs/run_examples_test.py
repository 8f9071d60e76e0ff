#!/usr/bin/env python3
"""That run_examples.py finds what is wrong: each document here is run and must pass or fail."""

import pathlib
import tempfile
import unittest

import run_examples

PASSING = {
    "output at the end of a line": "```sql\nSELECT 1+1;  --> 2\n```\n",
    "output on lines of its own": "```sql\nVALUES(1),(2);\n--> 1\n--> 2\n```\n",
    "output in a text block": "```console\n$ echo hello\n```\n\n```text\nhello\n```\n",
    "one session under a heading":
        "## A\n```sql\nCREATE TABLE t(a);\n```\nwords\n```sql\nSELECT count(*) FROM t;  --> 0\n```\n",
    "an error": "```sql\nSELECT nowhere;\n--> Parse error: no such column: nowhere\n-->   …\n-->   …\n```\n",
    "a hash that appears twice":
        "```sql\nVALUES(printf('%064x', 5));  --> 4f0c2e…\nVALUES(printf('%064x', 5));  --> 4f0c2e…\n```\n",
    "python": "```python\nprint(2)  #> 2\n```\n",
    "console, one command after the other": "```console\n$ echo a > f\n$ cat f\na\n```\n",
    "a make target": "```console\n$ make demo\n```\n",
}
FAILING = {
    "another output": "```sql\nSELECT 1+1;  --> 3\n```\n",
    "output that is not expected": "```sql\nSELECT 1;\n```\n",
    "output that never comes": "```sql\nSELECT 1 WHERE 0;  --> 1\n```\n",
    "an unexpected error": "```sql\nSELECT nowhere;\n```\n",
    "one short hash for two":
        "```sql\nVALUES(printf('%064x', 5));  --> 4f0c2e…\nVALUES(printf('%064x', 6));  --> 4f0c2e…\n```\n",
    "sessions do not leak": "## A\n```sql\nCREATE TABLE t(a);\n```\n## B\n```sql\nSELECT 1 FROM t;\n```\n",
    "python that fails": "```python\nraise SystemExit(3)\n```\n",
    "a command that fails": "```console\n$ false\n```\n",
    "no such make target": "```console\n$ make nonsense\n```\n",
    "no example at all": "words\n",
}


class Documents(unittest.TestCase):
    def run_document(self, text: str) -> int:
        with tempfile.TemporaryDirectory() as name:
            document = pathlib.Path(name) / "document.md"
            document.write_text(text)
            arguments = run_examples.argparse.Namespace(
                document=document, build=BUILD, source=SOURCE, cpp_programs=None,
                python=run_examples.sys.executable)
            return run_examples.run(arguments)

    def test_passing(self) -> None:
        for name, text in PASSING.items():
            with self.subTest(name):
                self.assertEqual(self.run_document(text), 0)

    def test_failing(self) -> None:
        for name, text in FAILING.items():
            with self.subTest(name):
                self.assertEqual(self.run_document(text), 1)

    def test_cpp_without_main_becomes_the_body_of_one(self) -> None:
        self.assertEqual(run_examples.cpp_program(["#include <a>", "f();"]),
                         "#include <a>\nint main() {\nf();\n}\n")


if __name__ == "__main__":
    SOURCE = pathlib.Path(run_examples.sys.argv[1])
    BUILD = pathlib.Path(run_examples.sys.argv[2])
    unittest.main(argv=run_examples.sys.argv[:1])
