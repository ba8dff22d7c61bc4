#!/bin/sh
# Compares what other people's tools read of a built site with the archive's own files.
# Usage: .ci/cite/run.sh [--most N] ARCHIVE SITE
# The first time it installs the tools, in the versions of package-lock.json and requirements.txt.
set -eu
here=$(dirname "$0")
[ -d "$here/node_modules" ] || npm ci --silent --prefix "$here"
[ -x "$here/.venv/bin/python" ] || {
  python3 -m venv "$here/.venv"
  "$here/.venv/bin/pip" install --quiet --require-virtualenv -r "$here/requirements.txt"
}
exec "$here/.venv/bin/python" "$here/check.py" "$@"
