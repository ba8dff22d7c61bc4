#!/usr/bin/env bash
# Feeds chance and malice to everything that reads dumps.
#
#   fuzz/run.sh [SECONDS]
#   HOSTILE=1 fuzz/run.sh [SECONDS]
#   SEED=$RANDOM fuzz/run.sh 3600
#
# Each target is run for SECONDS (default 20) on changes of the dumps in tests/dumps/. Any finding makes
# it fail, and the input stands in target/fuzz/findings/. Chance is drawn from one seed, so that a run
# can be run again; another SEED finds other things, and is worth an hour before a release. With
# HOSTILE, the inputs of `hostile` are read first, with a second for each: for a machine that does
# nothing else. Needs Rust and a C++ compiler; installs cargo-fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
seed=${SEED:-1}
work=$PWD/target/fuzz
cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked --quiet

# No sanitizer: the program has no unsafe code of its own. What counts coverage is still unstable.
# Many units are compiled side by side: a build in half the time is worth more than a fast run.
RUSTC_BOOTSTRAP=1 cargo fuzz build --sanitizer none --codegen-units 16 --target-dir "$work"
bin=$work/$(rustc -vV | sed -n 's/^host: //p')/release
hostile=$bin/hostile
echo "built after $SECONDS s"

failed=()
if [ -n "${HOSTILE:-}" ]; then
  # What is measured is built without what counts coverage: that makes it thirty times slower.
  cargo build --quiet --release --manifest-path fuzz/Cargo.toml --bin hostile --target-dir "$work" \
    --config profile.release.package.archive.opt-level=3
  "$work/release/hostile" || failed+=(hostile)
fi

"$hostile" seeds "$work/seeds/warc"
for target in text html json mhtml warc; do
  mkdir -p "$work/seeds/$target" "$work/corpus/$target" "$work/findings/$target"
done
for dump in tests/dumps/*/*.txt; do
  # Two formats may each have a case of one name.
  format=$(basename "$(dirname "$dump")")
  cp "$dump" "$work/seeds/text/$format-$(basename "$dump")"
done
cp tests/dumps/html/*.html "$work/seeds/html/"
cp tests/dumps/html/*.data "$work/seeds/json/"
cp tests/dumps/html/*.mhtml "$work/seeds/mhtml/"

for target in text html json mhtml warc; do
  log=$work/$target.log
  if "$bin/$target" -seed="$seed" -max_total_time="$seconds" -timeout=20 -max_len=65536 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$work/findings/$target/" \
    "$work/corpus/$target" "$work/seeds/$target" > "$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    echo "$target: nothing found in $runs runs, $cover places reached"
  else
    tail -n 40 "$log"
    echo "$target: FAILED; the input stands in $work/findings/$target/"
    failed+=("$target")
  fi
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "findings: ${failed[*]}"
  exit 1
fi
echo "no findings ($SECONDS s)"
