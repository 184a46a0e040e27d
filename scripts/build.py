"""Build the site into site/, strictly: any problem in any note stops it. Usage: python3 scripts/build.py"""

import shutil
import sys
import time

import environment


def main() -> int:
    """Build beside the old site and put the new one in its place only when it is whole."""
    site = environment.ROOT / "site"
    fresh = environment.ROOT / "site.new"
    environment.ensure()
    started = time.perf_counter()
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        code = environment.run("-m", "mkdocs", "build", "--strict", "--site-dir", str(fresh))
        if code == 0:
            shutil.rmtree(site, ignore_errors=True)
            fresh.rename(site)
            print(f"site/ is built, in {time.perf_counter() - started:.1f} s")
    except OSError as error:
        environment.fail(f"cannot write {site}: {error.strerror or error}")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
