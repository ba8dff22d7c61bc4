#!/usr/bin/env bash
# Runs the Spark job on small WARC files with two workers, and compares it with one process.
#
#   test.sh [ARCHIVE] [MASTER]
#
# ARCHIVE is the program (default: target/debug/archive), MASTER where Spark runs (default: two worker
# processes on this machine). Needs Java 17 and a Python that has pyspark; PYTHON names another one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
archive=$(realpath "${1:-$here/../../target/debug/archive}")
master=${2:-local-cluster[2,1,1024]}
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYSPARK_PYTHON=$python PYSPARK_DRIVER_PYTHON=$python SPARK_LOCAL_IP=127.0.0.1
# A pyspark of a virtual environment brings Spark with it; its worker processes must find it.
SPARK_HOME=$("$python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')
export SPARK_HOME

"$python" "$here/make_warcs.py" "$work/warcs" 6 20
for format in json parquet; do
  (cd "$work" && "$python" "$here/read_warcs.py" "$work/warcs" --output "$work/$format" \
    --format "$format" --archive "$archive" --master "$master" 2> "$work/log") ||
    { cat "$work/log"; exit 1; }
done

# One process, the whole folder at once.
"$archive" read --json "$work/warcs" > "$work/one.jsonl"

"$python" - "$work" <<'PYTHON'
import json, sys
from pathlib import Path

work = Path(sys.argv[1])
one = []
for line in open(work / "one.jsonl"):
    page = json.loads(line)
    for entry in page.get("entries", []):
        one.append((page["url"], page["dump"], page["captured"], *entry["lines"], entry["title"],
                    entry["date"], entry["body"]))
spark = []
for part in sorted((work / "json").glob("part-*.json")):
    for line in open(part):
        row = json.loads(line)
        spark.append((row["url"], row["dump"], row["captured"], row["first_line"], row["last_line"],
                      row["title"], row["date"], row["body"]))
assert len(one) == 6 * 20 * 5, len(one)
assert sorted(one) == sorted(spark), "Spark and one process differ"
print(f"{len(spark)} entries, the same from Spark and from one process")
PYTHON
