"""Compile the lock files, with hashes for every platform. Usage: python3 scripts/lock.py [--upgrade]"""

import sys

import environment

LOCKS = ("requirements", "requirements-test", "requirements-go")


def main() -> int:
    """Run uv over each requirements*.in."""
    for name in LOCKS:
        code = environment.run(
            *("-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-annotate"),
            *("--python-version", "3.11", "--custom-compile-command", "python3 scripts/lock.py"),
            *(f"{name}.in", "--output-file", f"{name}.txt", *sys.argv[1:]),
            requirements="requirements-test.txt",
        )
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
