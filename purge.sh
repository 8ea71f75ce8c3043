#!/usr/bin/env bash
# Ends the demo and deletes its data: samples, users, dashboards saved by hand, logs, volumes.
#   ./purge.sh        asks first
#   ./purge.sh --yes  does not ask
set -euo pipefail
cd "$(dirname "$0")"
. tools/lib.sh

is_sure=no
for argument in "$@"; do
  case $argument in
    -y | --yes) is_sure=yes ;;
    -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown argument \"$argument\"" "Usage: ./purge.sh [--yes]" ;;
  esac
done
load_settings

# Only the folders that build.sh makes; whatever else somebody keeps in DATA_DIR stays.
ours=()
for folder in run log prometheus grafana; do
  [ ! -d "$DATA_DIR/$folder" ] || ours+=("$DATA_DIR/$folder")
done
volumes=()
if find_compose; then mapfile -t volumes < <(demo_volumes); fi
if [ ${#ours[@]} -eq 0 ] && [ ${#volumes[@]} -eq 0 ]; then
  say "There is nothing to delete"
  exit 0
fi

say "This ends the demo and deletes"
for thing in "${ours[@]}"; do note "$thing"; done
for thing in "${volumes[@]}"; do note "volume $thing"; done
if [ "$is_sure" = no ]; then
  [ -t 0 ] || fail "no terminal to ask at" "./purge.sh --yes does not ask."
  read -rp "Delete? [y/N] " answer
  case $answer in [yY]*) ;; *) say "Nothing was deleted"; exit 1 ;; esac
fi
for service in "${services[@]}"; do stop_service "$service"; done
if [ ${#volumes[@]} -gt 0 ]; then
  "${compose[@]}" down -v >/dev/null 2>&1 || true
  # Some compose commands leave volumes with labels of their own behind.
  for thing in "${volumes[@]}"; do "$engine" volume rm "$thing" >/dev/null 2>&1 || true; done
fi
for folder in "${ours[@]}"; do rm -rf -- "$folder"; done
rmdir "$DATA_DIR" 2>/dev/null || true
say "Deleted"
