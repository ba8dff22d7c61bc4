#!/usr/bin/env python3
"""Reads a folder of web archive files (WARC, WACZ) as a Spark job, and writes one row an entry.

    read_warcs.py FOLDER --output OUT [--format json|parquet] [--archive PATH] [--master local[*]]

Each worker hands whole files to `archive read --json -`, one at a time, and takes entries from what
that prints. WACZ files, which cannot be read from a stream, are named to it instead. The program is
looked for at --archive, then in the environment variable ARCHIVE, then on the PATH; it must be there on
every worker.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ENDINGS = (".warc", ".warc.gz", ".wacz")

# A row. What a dump does not state is null.
SCHEMA = """
    file string, dump string, url string, captured string, format string, publisher string,
    page_title string, source_id string, title string, title_basis string, date string,
    date_basis string, clock string, stated string, authors array<string>, key_event boolean,
    updated string, body string, first_line bigint, last_line bigint
"""


def rows_of_file(path: str, program: str) -> Iterator[dict]:
    """Runs the program on one file and gives a row an entry."""
    stream = not path.endswith(".wacz")
    with open(path, "rb") as source:
        run = subprocess.Popen(
            [program, "read", "--json", "-" if stream else path],
            stdin=source if stream else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={**os.environ, "RAYON_NUM_THREADS": "1"},  # Spark has a worker for each core already.
        )
        for line in run.stdout:
            page = json.loads(line)
            if "entries" not in page:  # the container's own line: what was skipped, and why
                continue
            for entry in page["entries"]:
                yield {
                    "file": os.path.basename(path),
                    "dump": page["dump"],
                    "url": page["url"],
                    "captured": page["captured"],
                    "format": page["format"],
                    "publisher": page["publisher"],
                    "page_title": page["title"],
                    **{
                        key: entry[key]
                        for key in (
                            "source_id", "title", "title_basis", "date", "date_basis", "clock",
                            "stated", "authors", "key_event", "updated", "body",
                        )
                    },
                    "first_line": entry["lines"][0],
                    "last_line": entry["lines"][1],
                }
        # 1 says that something in the file was damaged: what could be read counts.
        if run.wait() not in (0, 1):
            raise RuntimeError(f"{program} could not read {path}: exit code {run.returncode}")


def rows(paths: Iterator[str], program: str) -> Iterator[dict]:
    for path in paths:
        yield from rows_of_file(path, program)


def find_files(folder: str) -> list[str]:
    files = (path for path in Path(folder).rglob("*") if path.name.endswith(ENDINGS))
    return sorted(str(path.resolve()) for path in files if not path.name.startswith("."))


def find_program(named: str | None) -> str:
    program = shutil.which(named or os.environ.get("ARCHIVE") or "archive")
    if not program:
        sys.exit("the program `archive` is not there: give --archive PATH or set ARCHIVE")
    return os.path.abspath(program)


def read_warcs(spark, folder: str, program: str):
    """A DataFrame of all entries in the web archive files below a folder."""
    files = find_files(folder)
    if not files:
        sys.exit(f"no {', '.join(ENDINGS)} below {folder}")
    # A file a partition: one that is large keeps one worker busy, and no other waits for it.
    paths = spark.sparkContext.parallelize(files, len(files))
    return spark.createDataFrame(paths.mapPartitions(lambda part: rows(part, program)), SCHEMA)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder")
    arguments.add_argument("--output", required=True)
    arguments.add_argument("--format", choices=["json", "parquet"], default="json")
    arguments.add_argument("--archive")
    arguments.add_argument("--master")
    told = arguments.parse_args()
    program = find_program(told.archive)

    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("archive")
    if told.master:
        builder = builder.master(told.master)
    spark = builder.getOrCreate()
    try:
        entries = read_warcs(spark, told.folder, program)
        entries.write.mode("overwrite").format(told.format).save(told.output)
        count = spark.read.format(told.format).load(told.output).count()
        print(f"{count} entries in {told.output}")
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
