#!/usr/bin/env bash
# Brings the compose demo up with a real container engine, checks it, purges it. Run by hand:
#   tests/containers/demo_test.sh
# It works on a copy of the committed tree, with ports of its own, and leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
copy=$(mktemp -d "${TMPDIR:-/tmp}/narthex-compose-XXXXXX")
finish() {
  [ ! -x "$copy/purge.sh" ] || (cd "$copy" && ./purge.sh --yes >/dev/null 2>&1) || true
  rm -rf "$copy"
}
trap finish EXIT

git archive HEAD | tar -x -C "$copy"
cat >"$copy/.env" <<'END'
EXPOSER_PORT=18000
PROMETHEUS_PORT=19090
GRAFANA_PORT=13000
BIND_ADDRESS=127.0.0.1
SCRAPE_INTERVAL=1s
END
cd "$copy"
started=$SECONDS
./build.sh --docker
echo "up after $((SECONDS - started)) s"

. tools/lib.sh
find_compose
export NARTHEX_COMPOSE="${compose[*]}" NARTHEX_ENGINE=$engine NARTHEX_PROJECT=$project
load_settings
PYTHONPATH=$root/tests/e2e python3 "$root/tests/containers/check.py"

users=$(for service in exposer prometheus grafana; do
  "$engine" image inspect --format '{{.Config.User}}' "narthex-$service"
done)
case $users in *root* | *0:0*) echo "failed: an image runs as root: $users"; exit 1 ;; esac
"$engine" image ls --format '{{.Repository}} {{.Size}}' | grep narthex- || true

./purge.sh --yes
left=$(demo_volumes)
[ -z "$left" ] || { echo "failed: volumes are left: $left"; exit 1; }
echo "passed: the compose demo"
