#!/usr/bin/env python3
"""Whether tools of others accept the bag of `archive deposit`: bagit, rocrate and frictionless.

    check.py BAG...      exit 0 only if all three accept every bag, and refuse a damaged one
"""

import hashlib
import logging
import os
import shutil
import sys
import tempfile
from importlib.metadata import version

import bagit
import frictionless
from rocrate.rocrate import ROCrate

logging.disable(logging.CRITICAL)


def bag_is_valid(path):
    try:
        return bagit.Bag(path).validate(), "valid"
    except bagit.BagError as error:
        return False, str(error)


def check_bag(path):
    valid, said = bag_is_valid(path)
    print(f"  bagit {version('bagit')}: {said}")
    return valid


def check_damage(path):
    """One changed byte of each kind of file has to be noticed."""
    good = True
    names = ["data/entries.csv", "bag-info.txt", "manifest-sha512.txt"]
    dumps = os.path.join(path, "data", "dumps")
    names += [f"data/dumps/{name}" for name in sorted(os.listdir(dumps))[:1]]
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, "bag")
            shutil.copytree(path, copy)
            file = os.path.join(copy, name)
            with open(file, "rb+") as out:
                out.seek(os.path.getsize(file) // 2)
                byte = out.read(1)[0]
                out.seek(-1, os.SEEK_CUR)
                out.write(bytes([byte ^ 1]))
            valid, said = bag_is_valid(copy)
            print(f"  bagit, one bit of {name} flipped: {said.splitlines()[0][:120]}")
            good = good and not valid
    return good


def check_crate(path):
    root = os.path.join(path, "data")
    crate = ROCrate(root)
    problems = []
    files = imports = 0
    for entity in crate.get_entities():
        if entity.type == "File":
            files += 1
            with open(entity.source, "rb") as source:
                held = source.read()
            if hashlib.sha256(held).hexdigest() != entity["sha256"]:
                problems.append(f"{entity.id}: another SHA-256")
            if str(len(held)) != entity["contentSize"]:
                problems.append(f"{entity.id}: another size")
        elif entity.type == "CreateAction":
            imports += 1
            parts = [entity.get("instrument"), *entity["object"], *entity.get("result", [])]
            # What is not an entity of the crate comes as a string.
            problems += [f"{entity.id}: {part}" for part in parts if isinstance(part, (str, type(None)))]
    for key in ["name", "description", "datePublished", "license"]:
        if not crate.root_dataset.get(key):
            problems.append(f"the root has no {key}")
    if not files or not imports:
        problems.append("no files or no imports")
    said = "; ".join(problems[:3]) or "read"
    print(f"  rocrate {version('rocrate')}: {said}, {files} files, {imports} imports")
    return not problems


def check_package(path):
    report = frictionless.validate(os.path.join(path, "data", "datapackage.json"))
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    rows = sum(task.stats.get("rows", 0) for task in report.tasks)
    said = "valid" if report.valid else "; ".join(error.message for error in errors[:3])
    print(f"  frictionless {version('frictionless')}: {said}, {rows} rows")
    return report.valid and rows > 0


def main(bags):
    good = True
    for path in bags:
        print(path)
        for check in [check_bag, check_crate, check_package, check_damage]:
            good = check(path) and good
    return 0 if good and bags else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
