#!/usr/bin/env bash
# Builds everything and runs every test. The last line says `N passed, N failed`.
#   ./test.sh              all
#   ./test.sh -L unit      arguments go to ctest: a label, -R name, ...
set -euo pipefail
cd "$(dirname "$0")"
. tools/lib.sh

need_packages "${build_packages[@]}" "${test_packages[@]}"
need_node
mkdir -p build
say "Building (build/release)"
cmake --preset release -DNARTHEX_TESTS=ON >build/configure.log 2>&1 ||
  { tail -n 30 build/configure.log >&2; fail "the configuration failed; see build/configure.log"; }
NINJA_STATUS='    [%f/%t] ' ninja -C build/release all all_verify_interface_header_sets
ln -sf bin/narthex build/release/narthex

say "Testing"
export NARTHEX_CONFORMANCE=${NARTHEX_CONFORMANCE:-$PWD/../shared/conformance}
export NARTHEX_BIN=$PWD/build/release/narthex
status=0
ctest --test-dir build/release --output-on-failure --no-tests=error --parallel 2 \
  --output-junit "$PWD/build/tests.xml" --progress "$@" || status=$?
python3 tools/count_tests.py build/tests.xml || status=$?
exit "$status"
