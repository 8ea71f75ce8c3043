#!/usr/bin/env bash
# Builds Narthex and starts the demo: exposer, server and dashboards.
#   ./build.sh            three processes on this machine
#   ./build.sh --docker   three containers
#   ./build.sh --no-start only builds
#   ./build.sh --no-build only starts what was built before
set -euo pipefail
cd "$(dirname "$0")"
. tools/lib.sh

mode=processes
for argument in "$@"; do
  case $argument in
    --docker) mode=containers ;;
    --no-start) mode=none ;;
    --no-build) mode=start ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown argument \"$argument\"" "Usage: ./build.sh [--docker | --no-start | --no-build]" ;;
  esac
done

binary=build/release/bin/narthex

build_release() {
  need_packages "${build_packages[@]}"
  need_node
  say "Building (build/release)"
  mkdir -p build
  cmake --preset release >build/configure.log 2>&1 ||
    { tail -n 30 build/configure.log >&2; fail "the configuration failed; see build/configure.log"; }
  NINJA_STATUS='    [%f/%t] ' ninja -C build/release narthex
  ln -sf bin/narthex build/release/narthex
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

require_free_ports() {
  local name
  for name in EXPOSER_PORT PROMETHEUS_PORT GRAFANA_PORT; do
    ! port_is_taken "${!name}" || fail "port ${!name} ($name) is in use by another program" \
      "End that program, or set another $name in .env."
  done
}

# start SERVICE COMMAND...: in the background, output to its log, process id to its pid file.
start() {
  local service=$1
  shift
  NARTHEX_DEMO=$PWD:$service setsid "$@" >>"$DATA_DIR/log/$service.log" 2>&1 </dev/null &
  echo $! >"$DATA_DIR/run/$service.pid"
}

# await SERVICE URL: until it is healthy, or the reason why not.
await() {
  printf '    %-11s' "$1"
  local pid tries=0
  pid=$(cat "$DATA_DIR/run/$1.pid")
  until "$binary" tool check healthy --url "$2" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if ! is_ours "$pid" "$1" || [ $tries -gt 150 ]; then
      printf ' failed\n'
      tail -n 5 "$DATA_DIR/log/$1.log" >&2
      for service in "${services[@]}"; do stop_service "$service"; done
      fail "$1 did not become healthy; its log is $DATA_DIR/log/$1.log"
    fi
    printf '.'
    sleep 0.2
  done
  printf ' healthy\n'
}

start_processes() {
  for service in "${services[@]}"; do stop_service "$service"; done
  require_free_ports
  mkdir -p "$DATA_DIR"/{run,log,prometheus,grafana}
  say "Starting"
  local aliases=(--host-alias "exposer=127.0.0.1:$EXPOSER_PORT"
    --host-alias "prometheus=127.0.0.1:$PROMETHEUS_PORT" --host-alias "grafana=127.0.0.1:$GRAFANA_PORT")
  start exposer "$binary" exposer --web.listen-address="$BIND_ADDRESS:$EXPOSER_PORT"
  start prometheus "$binary" server --config.file=prometheus/prometheus.yml \
    --storage.tsdb.path="$DATA_DIR/prometheus" --storage.tsdb.retention.time="$RETENTION" \
    --scrape.interval="$SCRAPE_INTERVAL" --web.enable-lifecycle \
    --web.listen-address="$BIND_ADDRESS:$PROMETHEUS_PORT" "${aliases[@]}"
  # Grafana's own limit is 5 s; the demo's dashboards refresh as often as its targets are scraped.
  GF_DASHBOARDS_MIN_REFRESH_INTERVAL=1s \
    GF_PATHS_DATA="$DATA_DIR/grafana" GF_PATHS_PROVISIONING="$PWD/grafana/provisioning" \
    start grafana "$binary" dashboards --web.listen-address="$BIND_ADDRESS:$GRAFANA_PORT" "${aliases[@]}"
  local host=127.0.0.1
  [ "$BIND_ADDRESS" = 0.0.0.0 ] || host=$BIND_ADDRESS
  await exposer "http://$host:$EXPOSER_PORT/-/healthy"
  await prometheus "http://$host:$PROMETHEUS_PORT/-/ready"
  await grafana "http://$host:$GRAFANA_PORT/api/health"
}

start_containers() {
  find_compose || fail "no compose command works here" \
    "Install one of: docker compose, docker-compose, podman-compose. Without containers: ./build.sh"
  for service in "${services[@]}"; do stop_service "$service"; done
  say "Building the images (${compose[*]})"
  "${compose[@]}" build || fail "the images could not be built"
  "${compose[@]}" down >/dev/null 2>&1 || true
  require_free_ports
  say "Starting"
  "${compose[@]}" up -d || fail "the containers could not be started" "Their logs: ${compose[*]} logs"
}

require_binary() {
  [ -x "$binary" ] || fail "$binary is not there" "./build.sh without --no-build makes it."
}

show_addresses() {
  # Only the password that everybody knows is shown.
  local password="the password in .env"
  [ "$settings_file" = .env ] || password=$GF_SECURITY_ADMIN_PASSWORD
  local host=localhost
  [ "$BIND_ADDRESS" = 0.0.0.0 ] || host=$BIND_ADDRESS
  say "Narthex is running"
  note "Dashboards   http://$host:$GRAFANA_PORT/   sign in: $GF_SECURITY_ADMIN_USER / $password"
  note "Test board   http://$host:$GRAFANA_PORT/d/test-dashboard/test-dashboard?orgId=1&refresh=2s"
  note "Server       http://$host:$PROMETHEUS_PORT/graph"
  note "Exposer      http://$host:$EXPOSER_PORT/"
  note "./purge.sh ends it and deletes its data."
}

load_settings
case $mode in
  processes) build_release; start_processes; show_addresses ;;
  start) require_binary; start_processes; show_addresses ;;
  containers) start_containers; show_addresses ;;
  none) build_release ;;
esac
