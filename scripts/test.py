"""Set everything up, the browser included, and run every test. Usage: python3 scripts/test.py [pytest options]"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys

import environment

LOCK = "requirements-test.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    """Run pytest in the project's environment, two workers, every warning an error."""
    environment.ensure(LOCK)
    browser = os.environ.get("KUBENOTES_CHROMIUM") or _installed() or _install()
    print(f"Browser: {browser or 'the one that Playwright installed'}", flush=True)
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    return environment.run(
        *("-m", "pytest", *workers, *sys.argv[1:]),
        requirements=LOCK,
        env={"KUBENOTES_CHROMIUM": browser} if browser else {},
    )


def _installed() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _install() -> str | None:
    """Install a browser: Debian's own package where we may, Playwright's build elsewhere."""
    if _is_debian() and os.geteuid() == 0:
        print("Installing Debian's chromium, and fonts for Hangul …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-cjk"]):
            done = subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, text=True, check=False)
            if done.returncode:
                environment.fail(
                    f"apt-get {command[0]} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]} — "
                    "check the network, or set KUBENOTES_CHROMIUM to a Chromium or Chrome that you have"
                )
        return _installed()
    if environment.run("-m", "playwright", "install", "chromium", requirements=LOCK):
        environment.fail(
            "no Chromium or Chrome was found and Playwright could not download one: "
            "install one, or set KUBENOTES_CHROMIUM to its path"
        )
    return None


def _is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
