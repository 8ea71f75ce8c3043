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
  # The tests need more packages; test.sh installs them and turns the tests on.
  local tests=OFF
  if is_installed libgtest-dev; then tests=ON; fi
  cmake --preset release -DNARTHEX_TESTS=$tests >build/configure.log 2>&1 ||
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

# Whether http://127.0.0.1:PORT/PATH answers 200; needs no tool but the shell.
answers_200() {
  local host=127.0.0.1 line
  [ "$BIND_ADDRESS" = 0.0.0.0 ] || host=$BIND_ADDRESS
  {
    exec 3<>"/dev/tcp/$host/$1" || return 1
    printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$2" "$host" >&3
    IFS= read -r -t 5 line <&3 || line=
    exec 3>&-
  } 2>/dev/null
  [[ $line == "HTTP/1.1 200 "* ]]
}

# await SERVICE PORT PATH: until it is healthy; ends everything if it is not within 30 s.
await() {
  printf '    %-11s' "$1"
  local tries=0
  until answers_200 "$2" "$3"; do
    tries=$((tries + 1))
    # Not before two seconds: a process that is just being started does not look like ours yet.
    if [ $tries -gt 150 ] ||
      { [ $tries -gt 10 ] && [ "$mode" != containers ] && ! is_running "$1"; }; then
      printf ' failed\n'
      give_up "$1"
    fi
    [ $((tries % 5)) -ne 1 ] || printf '.'
    sleep 0.2
  done
  printf ' healthy\n'
}

give_up() {
  if [ "$mode" = containers ]; then
    "${compose[@]}" logs "$1" 2>&1 | tail -n 5 >&2 || true
    "${compose[@]}" down >/dev/null 2>&1 || true
    fail "$1 did not become healthy"
  fi
  tail -n 5 "$DATA_DIR/log/$1.log" >&2
  for service in "${services[@]}"; do stop_service "$service"; done
  fail "$1 did not become healthy; its log is $DATA_DIR/log/$1.log"
}

await_all() {
  await exposer "$EXPOSER_PORT" /-/healthy
  await prometheus "$PROMETHEUS_PORT" /-/ready
  await grafana "$GRAFANA_PORT" /api/health
}

start_processes() {
  for service in "${services[@]}"; do stop_service "$service"; done
  require_free_ports
  mkdir -p "$DATA_DIR"/{run,log,prometheus,grafana}
  say "Starting"
  local aliases=(--host-alias "exposer=127.0.0.1:$EXPOSER_PORT"
    --host-alias "prometheus=127.0.0.1:$PROMETHEUS_PORT" --host-alias "grafana=127.0.0.1:$GRAFANA_PORT")
  start exposer "$binary" exposer --web.listen-address="$BIND_ADDRESS:$EXPOSER_PORT" \
    --control.access="$CONTROL_ACCESS" --control.server-port="$PROMETHEUS_PORT" \
    --control.dashboards-port="$GRAFANA_PORT"
  start prometheus "$binary" server --config.file=prometheus/prometheus.yml \
    --storage.tsdb.path="$DATA_DIR/prometheus" --storage.tsdb.retention.time="$RETENTION" \
    --scrape.interval="$SCRAPE_INTERVAL" --web.enable-lifecycle \
    --web.listen-address="$BIND_ADDRESS:$PROMETHEUS_PORT" "${aliases[@]}"
  # Grafana's own limit is 5 s; the demo's dashboards refresh as often as its targets are scraped.
  GF_DASHBOARDS_MIN_REFRESH_INTERVAL=1s \
    GF_PATHS_DATA="$DATA_DIR/grafana" GF_PATHS_PROVISIONING="$PWD/grafana/provisioning" \
    start grafana "$binary" dashboards --web.listen-address="$BIND_ADDRESS:$GRAFANA_PORT" "${aliases[@]}"
  await_all
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
  await_all
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
  note "Exposer      http://$host:$EXPOSER_PORT/   its knobs: http://$host:$EXPOSER_PORT/control"
  note "./purge.sh ends it and deletes its data."
}

load_settings
case $mode in
  processes) build_release; start_processes; show_addresses ;;
  start) require_binary; start_processes; show_addresses ;;
  containers) start_containers; show_addresses ;;
  none) build_release ;;
esac
