#!/usr/bin/env bash
# Compares what other people's tools read of a built site with the archive's own files.
# Usage: .ci/cite/run.sh [--most N] ARCHIVE SITE     (PYTHON=…: a Python that has the tools; else ../tools.sh gets them)
set -euo pipefail
here="$(dirname "$0")"
. "$here/../tools.sh"
exec "$PYTHON" "$here/check.py" "$@"
