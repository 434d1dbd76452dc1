"""Fetch the uv that `uv.lock` pins, with nothing but the standard library.

A fresh Debian has neither pip nor venv, and its Python is externally managed; but the lock file
names, for every platform, where the wheel of uv lies and what its sha256 is. So the lock stays
the one source of versions, and no package manager is needed to get the package manager.
"""

import hashlib
import io
import os
import platform
import stat
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def wheel_tag() -> str:
    """The part of the wheel's file name that fits this machine."""
    libc = "musllinux" if platform.libc_ver()[0] != "glibc" else "manylinux"
    return {
        ("Linux", "x86_64"): f"{libc}_x86_64" if libc == "musllinux" else "manylinux_2_17_x86_64",
        ("Linux", "aarch64"): "musllinux_1_1_aarch64" if libc == "musllinux" else "manylinux_2_17_aarch64",
        ("Darwin", "x86_64"): "macosx_10_12_x86_64",
        ("Darwin", "arm64"): "macosx_11_0_arm64",
    }[platform.system(), platform.machine()]


def locked_wheel() -> tuple[str, str]:
    """The address and sha256 of uv's wheel for this machine."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    package = next(entry for entry in lock["package"] if entry["name"] == "uv")
    wheel = next(entry for entry in package["wheels"] if wheel_tag() in entry["url"])
    return wheel["url"], wheel["hash"].removeprefix("sha256:")


def main() -> int:
    """Put the binary at the path given, or say in one line what to do instead."""
    target = Path(sys.argv[1])
    try:
        url, sha256 = locked_wheel()
        with urllib.request.urlopen(url, timeout=120) as response:
            content = response.read()
    except (OSError, KeyError, StopIteration) as error:
        sys.stderr.write(f"uv: could not be fetched ({error}); install uv yourself and run this again.\n")
        return 1
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.stderr.write(f"uv: the file fetched does not have the sha256 {sha256} of uv.lock; try again.\n")
        return 1
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("/scripts/uv"))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_bytes(wheel.read(name))
    part.chmod(part.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    os.replace(part, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
