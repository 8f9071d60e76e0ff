#!/usr/bin/env python3
"""table_test.py [--unbuilt=<suite>] <program> [<other>...]: that README.md here names every test of the
program, and none besides but tests of the others, and of a suite that was not built."""

import argparse
import pathlib
import re
import subprocess
import sys


def tests_of(program: str) -> set[str]:
    """Suite.Test, without the names of instantiations and parameters."""
    found, suite = set(), ""
    lines = subprocess.run([program, "--gtest_list_tests"], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    for line in lines:
        name = line.split("#")[0].strip()
        if not line.startswith(" "):
            suite = name.rstrip(".").split("/")[-1]
        else:
            found.add(f"{suite}.{name.split('/')[0]}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--unbuilt")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()
    required, *others = (tests_of(program) for program in arguments.programs)
    existing = required.union(*others)
    table = pathlib.Path(__file__).with_name("README.md").read_text()
    named = set(re.findall(r"`([A-Z]\w*\.[A-Z]\w*)`", table))
    named = {name for name in named if name.split(".")[0] != arguments.unbuilt}
    for name in sorted(named - existing):
        print(f"{name} is in the table, but there is no such test")
    for name in sorted(required - named):
        print(f"{name} is a test, but not in the table")
    return 0 if required and required <= named <= existing else 1


if __name__ == "__main__":
    sys.exit(main())
