#!/usr/bin/env bash
# What sites give to programs, read with tools of others: frictionless, feedparser, jsonld.
#
#     check.sh ROOT SITE [ROOT SITE]...      each an archive and the folder that it was built into
#
# Installs the tools, at the versions that stand beside this file, into target/ci. Needs Python 3.11 and Node.js.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
venv="$here/../../target/ci/data-venv"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
npm ci --prefix "$here" --no-audit --no-fund --silent
bad=0
while [ $# -ge 2 ]; do
  "$venv/bin/python" "$here/check.py" "$1" "$2" || bad=1
  shift 2
done
exit $bad
