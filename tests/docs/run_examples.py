#!/usr/bin/env python3
"""Runs the examples of a Markdown file and compares their output. README.md here tells the rules."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

OUTPUT_MARKS = {"sql": "-->", "python": "#>", "cpp": "//>"}
LANGUAGES = ("sql", "console", "python", "cpp")


@dataclass
class Block:
    language: str
    line: int  # of the opening fence, from 1
    text: list[str]
    expected: list[str] = field(default_factory=list)


@dataclass
class Section:
    title: str
    blocks: list[Block] = field(default_factory=list)


def parse(document: str) -> list[Section]:
    """The blocks of the document by level-two heading."""
    sections = [Section("the beginning")]
    block = previous = None
    for number, line in enumerate(document.splitlines(), 1):
        fence = re.match(r"^\s*```\s*(\S*)", line)
        if block is None:
            if fence:
                block = Block(fence[1], number, [])
            elif line.startswith("## "):
                sections.append(Section(line[3:].strip()))
                previous = None
            elif line.strip():
                previous = None
        elif fence:
            if block.language == "text" and previous is not None:
                previous.expected += block.text
            elif block.language in LANGUAGES:
                sections[-1].blocks.append(block)
                block.expected = marked_output(block)
                previous = block
            block = None
        else:
            block.text.append(line)
    if block is not None:
        raise SystemExit(f"line {block.line}: the block is never closed")
    return sections


def marked_output(block: Block) -> list[str]:
    mark = OUTPUT_MARKS.get(block.language)
    if mark is None:
        return []
    return [line.split(mark, 1)[1].removeprefix(" ").rstrip() for line in block.text if mark in line]


def cpp_programs(document: pathlib.Path) -> list[tuple[int, str]]:
    """(line, program) for each C++ block."""
    programs = []
    for section in parse(document.read_text()):
        for block in section.blocks:
            if block.language == "cpp":
                programs.append((block.line, cpp_program(block.text)))
    return programs


def cpp_program(lines: list[str]) -> str:
    if any(re.search(r"\bint main\(", line) for line in lines):
        return "\n".join(lines) + "\n"
    top = [line for line in lines if line.startswith("#include")]
    body = [line for line in lines if not line.startswith("#include")]
    return "\n".join(top + ["int main() {"] + body + ["}"]) + "\n"


def extract_cpp(document: pathlib.Path, directory: pathlib.Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    programs = cpp_programs(document)
    wanted = {f"line_{line}.cpp": program for line, program in programs}
    for stale in set(path.name for path in directory.glob("line_*.cpp")) - set(wanted):
        (directory / stale).unlink()
    for name, program in wanted.items():
        path = directory / name
        if not path.exists() or path.read_text() != program:
            path.write_text(program)
        print(path)


class Expectation:
    """Compares output with what a section's blocks expect, remembering what short hashes stand for."""

    SHORT_HASH = re.compile(r"\b([0-9a-f]{6,63})…")

    def __init__(self) -> None:
        self.hashes: dict[str, str] = {}

    def matches(self, expected: list[str], found: list[str]) -> bool:
        if len(expected) != len(found):
            return False
        return all(self._line_matches(e, f) for e, f in zip(expected, found))

    def _line_matches(self, expected: str, found: str) -> bool:
        pattern, shorts, position = "", [], 0
        for hit in self.SHORT_HASH.finditer(expected):
            pattern += self._wild(expected[position:hit.start()]) + "([0-9a-f]{64})"
            shorts.append(hit[1])
            position = hit.end()
        pattern += self._wild(expected[position:])
        match = re.fullmatch(pattern, found)
        if match is None:
            return False
        for short, full in zip(shorts, match.groups()):
            if self.hashes.setdefault(short, full) != full:
                return False
        return True

    @staticmethod
    def _wild(text: str) -> str:
        return ".*".join(re.escape(part) for part in text.split("…"))


class Runner:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self.build = arguments.build.resolve()
        self.source = arguments.source.resolve()
        self.python = arguments.python
        self.programs = arguments.cpp_programs
        self.failures = 0
        self.run_blocks = 0

    def section(self, section: Section) -> None:
        expectation = Expectation()
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name)
            (directory / "build").symlink_to(self.build)
            found = iter(self.sql_outputs(directory, section))
            for block in section.blocks:
                if block.language == "sql":
                    output = next(found)
                elif block.language == "console":
                    output = self.console(directory, block)
                elif block.language == "python":
                    output = self.output(directory, [self.python, "-"], "\n".join(block.text))
                else:
                    output = self.output(directory, [self.programs / f"line_{block.line}"], "")
                self.compare(section, block, expectation, output)

    def compare(self, section: Section, block: Block, expectation: Expectation,
                output: list[str]) -> None:
        self.run_blocks += 1
        # The shell pads columns; a comment cannot show trailing blanks.
        expected = [line.rstrip() for line in block.expected]
        output = [line.rstrip() for line in output]
        if expectation.matches(expected, output):
            return
        self.failures += 1
        print(f"line {block.line} ({block.language}, under \"{section.title}\"): expected")
        print("\n".join("  " + line for line in expected) or "  nothing")
        print("found")
        print("\n".join("  " + line for line in output) or "  nothing")

    def output(self, directory: pathlib.Path, command: list, text: str) -> list[str]:
        done = subprocess.run(command, cwd=directory, input=text, text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        lines = done.stdout.splitlines()
        if done.returncode != 0 and pathlib.Path(str(command[0])).name != "stdbuf":
            lines.append(f"exit code {done.returncode}")
        return lines

    def sql_outputs(self, directory: pathlib.Path, section: Section) -> list[list[str]]:
        """The output of each SQL block, all run as one session."""
        end = "-- end of block --"
        blocks = [block for block in section.blocks if block.language == "sql"]
        if not blocks:
            return []
        script = f".load {self.build}/vkv\n"
        for block in blocks:
            script += "\n".join(block.text) + f"\n.print '{end}'\n"
        # Unbuffered, so that errors appear where they happen.
        shell = ["stdbuf", "-o0", "sqlite3", ":memory:"]
        outputs: list[list[str]] = [[]]
        for line in self.output(directory, shell, script):
            if line == end:
                outputs.append([])
            else:
                outputs[-1].append(re.sub(r"^(\w+ error) near line \d+:", r"\1:", line))
        if len(outputs) != len(blocks) + 1:
            raise SystemExit(f"under \"{section.title}\": the shell stopped early:\n"
                             + "\n".join(outputs[-1]))
        return outputs

    def console(self, directory: pathlib.Path, block: Block) -> list[str]:
        """Runs each command; what is expected are the lines that are no command."""
        output: list[str] = []
        for line in block.text:
            if not line.startswith("$ "):
                block.expected.append(line)
                continue
            command = line[2:].split(" #", 1)[0].strip()
            if re.match(r"make\b", command):
                # Building inside a test of the build would change it: see that the target exists.
                dry = subprocess.run(["bash", "-c", f"{command} --dry-run"], cwd=self.source,
                                     env=os.environ | {"MAKEFLAGS": ""}, text=True,
                                     capture_output=True, check=False)
                if dry.returncode != 0:
                    output.append(f"{command}: {dry.stderr.strip()}")
            else:
                output += self.output(directory, ["bash", "-c", command], "")
        return output


def run(arguments: argparse.Namespace) -> int:
    runner = Runner(arguments)
    for section in parse(arguments.document.read_text()):
        runner.section(section)
    print(f"{arguments.document.name}: {runner.run_blocks} examples, {runner.failures} failed")
    return 1 if runner.failures or runner.run_blocks == 0 else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    modes = parser.add_subparsers(required=True)
    extract = modes.add_parser("extract-cpp")
    extract.add_argument("document", type=pathlib.Path)
    extract.add_argument("directory", type=pathlib.Path)
    extract.set_defaults(act=lambda a: extract_cpp(a.document, a.directory) or 0)
    runs = modes.add_parser("run")
    runs.add_argument("document", type=pathlib.Path)
    runs.add_argument("--build", type=pathlib.Path, required=True, help="where vkv.so is")
    runs.add_argument("--source", type=pathlib.Path, required=True, help="where the Makefile is")
    runs.add_argument("--cpp-programs", type=pathlib.Path, help="where the C++ examples are")
    runs.add_argument("--python", default="/usr/bin/python3")
    runs.set_defaults(act=run)
    arguments = parser.parse_args()
    return arguments.act(arguments)


if __name__ == "__main__":
    sys.exit(main())
