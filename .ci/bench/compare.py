#!/usr/bin/env python3
"""Times Hugo and `archive` on the same entries, in turn: called by hugo.sh."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

runs, archive, hugo, place = int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
archive, hugo = os.path.abspath(archive), os.path.abspath(hugo)
ours, theirs = place / "archive", place / "hugo"


def timed(command):
    """Runs a command; returns its seconds, its processor seconds and its peak memory in MB."""
    log = place / "time"
    started = time.perf_counter()
    subprocess.run(
        ["/usr/bin/time", "-v", "-o", log, *command], check=True, stdout=subprocess.DEVNULL
    )
    seconds = time.perf_counter() - started
    text = log.read_text()

    def field(name):
        return float(re.search(rf"{re.escape(name)}: (\S+)", text)[1])

    busy = field("User time (seconds)") + field("System time (seconds)")
    return seconds, busy, field("Maximum resident set size (kbytes)") / 1024


def remove(*paths):
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


def build_hugo():
    remove(theirs / "public", theirs / "resources", place / "hugo-cache")
    return timed([hugo, "--quiet", "--source", theirs, "--cacheDir", place / "hugo-cache"])


def build_first():
    remove(ours / "public", ours / ".archive")
    return timed([archive, "-C", ours, "build"])


def build_unchanged():
    return timed([archive, "-C", ours, "build"])


def build_without_cache():
    remove(ours / ".archive")
    return timed([archive, "-C", ours, "build"])


def copy():
    remove(place / "copy")
    return timed(["cp", "-R", ours / "public", place / "copy"])


def files(folder):
    """Returns how many files and how many pages a site has, and its megabytes."""
    all_files = [path for path in folder.rglob("*") if path.is_file()]
    pages = [path for path in all_files if path.suffix == ".html"]
    return len(all_files), len(pages), sum(path.stat().st_size for path in all_files) / 1e6


work = {
    "hugo, first build": build_hugo,
    "archive, first build": build_first,
    "archive, unchanged": build_unchanged,
    "archive, unchanged, no cache": build_without_cache,
    "copy of archive's output": copy,
}
results = {name: [] for name in work}
print(f"load before: {os.getloadavg()}, processors: {os.cpu_count()}")
for _ in range(runs):
    for name, build in work.items():
        results[name].append(build())
print(f"load after:  {os.getloadavg()}\n")

print(f"{'median of ' + str(runs):30} {'seconds':>8} {'(from - to)':>15} {'cpu s':>7} {'peak MB':>8}")
middle = {}
for name, rows in results.items():
    seconds, busy, peak = ([row[column] for row in rows] for column in range(3))
    middle[name] = statistics.median(seconds)
    spread = f"({min(seconds):.2f} - {max(seconds):.2f})"
    print(
        f"{name:30} {middle[name]:8.2f} {spread:>15} {statistics.median(busy):7.2f}"
        f" {statistics.median(peak):8.0f}"
    )
print()
for name, folder in [("hugo", theirs / "public"), ("archive", ours / "public")]:
    count, pages, megabytes = files(folder)
    print(f"{name:8} wrote {count} files, {pages} of them HTML, {megabytes:.0f} MB")
first, unchanged = "archive, first build", "archive, unchanged"


def ratio(a, b):
    """The median of the ratios pair by pair: what slowed one run slowed its partner too."""
    pairs = zip(results[a], results[b], strict=True)
    return statistics.median(one[0] / other[0] for one, other in pairs)


print(f"\nfirst build / hugo:        {ratio(first, 'hugo, first build'):.3f}")
print(f"unchanged / first build:   {ratio(unchanged, first):.3f}")
