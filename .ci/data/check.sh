#!/usr/bin/env bash
# What sites give to programs and to the shelf, read with tools of others: frictionless, feedparser, jsonld, epubcheck.
#
#     check.sh ARCHIVE [ROOT SITE]...      ARCHIVE: the program; each ROOT an archive, SITE the folder that it was built into
#
# Two hostile archives are made and checked first. PYTHON=…: a Python that has the tools; else ../tools.sh gets them.
# Needs Python 3.11, Node.js and Java.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/../tools.sh"
work="$here/../../target/ci/data"
program="$(realpath "$1")"
shift
rm -rf "$work" && mkdir -p "$work/nasty" "$work/books"
"$PYTHON" "$here/nasty.py" "$program" "$work/nasty"
for name in raw plain; do
  "$program" -C "$work/nasty/$name" build >/dev/null
  set -- "$work/nasty/$name" "$work/nasty/$name/public" "$@"
done
bad=0 number=0
while [ $# -ge 2 ]; do
  number=$((number + 1))
  "$PYTHON" "$here/check.py" "$1" "$2" || bad=1
  "$PYTHON" "$here/books.py" "$program" "$1" "$2" "$work/books/$number" || bad=1
  shift 2
done
exit $bad
