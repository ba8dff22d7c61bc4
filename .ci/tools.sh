# shellcheck shell=bash
# To be sourced: the tools of others that the checks read our files with. Installs them once, at the versions of
# requirements.txt and package-lock.json, and sets PYTHON to the Python that has them. With PYTHON set it installs nothing.
if [ -z "${PYTHON:-}" ]; then
  ci="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
  PYTHON="$ci/../target/ci-tools/bin/python"
  # Made anew whenever the list has changed.
  if ! cmp -s "$ci/requirements.txt" "$ci/../target/ci-tools/requirements.txt"; then
    python3 -m venv "$ci/../target/ci-tools"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$ci/requirements.txt"
    cp "$ci/requirements.txt" "$ci/../target/ci-tools/"
  fi
  [ -d "$ci/node_modules" ] || npm ci --prefix "$ci" --no-audit --no-fund --silent
fi
export PYTHON
