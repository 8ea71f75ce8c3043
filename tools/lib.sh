# What build.sh, test.sh and purge.sh share. To be sourced, from the project's root.

# Debian packages that the build needs.
build_packages=(build-essential cmake ninja-build pkg-config ccache ca-certificates
  libboost1.81-dev libcurl4-openssl-dev libssl-dev nlohmann-json3-dev libyaml-cpp-dev
  libprotozero-dev libsnappy-dev libzstd-dev zlib1g-dev libre2-dev libxxhash-dev
  libfmt-dev libspdlog-dev libcli11-dev libsqlite3-dev libsodium-dev libcrypt-dev)
# And what the tests need on top.
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev python3 chromium chromium-headless-shell prometheus-node-exporter
  prometheus-pushgateway python3-prometheus-client prometheus-cpp-dev curl openssl)

bold='' plain=''
if [ -t 1 ] && [ -n "${TERM:-}" ]; then bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true); fi
say() { printf '%s\n' "${bold}==>${plain} $*"; }
note() { printf '    %s\n' "$*"; }
fail() {
  printf '%s\n' "error: $1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# need_packages NAME...: installs the Debian packages that are missing.
need_packages() {
  command -v dpkg-query >/dev/null || fail "this is not a Debian system" \
    "Install these packages' counterparts by hand, or use ./build.sh --docker:" "$*"
  local missing=() name
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  local command=(apt-get install -y --no-install-recommends "${missing[@]}")
  say "Installing ${#missing[@]} Debian packages"
  note "${missing[*]}"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "packages are missing and there is neither root nor sudo" \
      "Run as root: apt-get update && ${command[*]}"
    sudo=(sudo)
  fi
  mkdir -p build
  if ! { "${sudo[@]}" apt-get update -q &&
         DEBIAN_FRONTEND=noninteractive "${sudo[@]}" "${command[@]}"; } >build/apt.log 2>&1; then
    tail -n 15 build/apt.log >&2
    fail "the packages could not be installed; the whole output is in build/apt.log" \
      "Run as root: apt-get update && ${command[*]}"
  fi
}

# The build fetches a newer Node.js from the npm registry where this one is too old for it.
need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
}

# load_settings: reads .env, else .env.example, as plain KEY=VALUE lines, and checks every value.
load_settings() {
  settings_file=.env
  [ -f .env ] || settings_file=.env.example
  EXPOSER_PORT=8000 PROMETHEUS_PORT=9090 GRAFANA_PORT=3000 BIND_ADDRESS=0.0.0.0 CONTROL_ACCESS=loopback
  GF_SECURITY_ADMIN_USER=admin GF_SECURITY_ADMIN_PASSWORD=1234
  DATA_DIR=.data RETENTION=15d SCRAPE_INTERVAL=2s
  local line number=0 key value
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    case $line in '' | \#*) continue ;; esac
    key=${line%%=*} value=${line#*=}
    case $line in *=*) ;; *) fail "$settings_file:$number: \"$line\" is not KEY=VALUE" ;; esac
    case $value in \"*\") value=${value#\"} value=${value%\"} ;; \'*\') value=${value#\'} value=${value%\'} ;; esac
    case $key in
      EXPOSER_PORT | PROMETHEUS_PORT | GRAFANA_PORT | BIND_ADDRESS | CONTROL_ACCESS | DATA_DIR | RETENTION | \
        SCRAPE_INTERVAL | GF_SECURITY_ADMIN_USER) ;;
      # Never shown, not even in an error.
      GF_SECURITY_ADMIN_PASSWORD)
        [ -n "$value" ] || fail "$settings_file:$number: $key is empty" ;;
      GF_*) export "$key=$value"; continue ;;
      *) fail "$settings_file:$number: unknown setting \"$key\"" "Known settings stand in .env.example." ;;
    esac
    printf -v "$key" '%s' "$value"
  done <"$settings_file"

  local name other
  for name in EXPOSER_PORT PROMETHEUS_PORT GRAFANA_PORT; do
    value=${!name}
    [[ $value =~ ^[1-9][0-9]{0,4}$ ]] && [ "$value" -le 65535 ] ||
      fail "$settings_file: $name is \"$value\"; it must be a port from 1 to 65535"
    for other in EXPOSER_PORT PROMETHEUS_PORT GRAFANA_PORT; do
      [ "$name" = "$other" ] || [ "$value" != "${!other}" ] ||
        fail "$settings_file: $name and $other are both $value; each service needs its own port"
    done
  done
  [[ $BIND_ADDRESS =~ ^([0-9]{1,3}\.){3}[0-9]{1,3}$ ]] ||
    fail "$settings_file: BIND_ADDRESS is \"$BIND_ADDRESS\"; it must be an IPv4 address such as 127.0.0.1"
  case $CONTROL_ACCESS in nobody | loopback | all) ;; *)
    fail "$settings_file: CONTROL_ACCESS is \"$CONTROL_ACCESS\"; it must be nobody, loopback or all" ;; esac
  for name in RETENTION SCRAPE_INTERVAL; do
    [[ ${!name} =~ ^([0-9]+(ms|[smhdwy]))+$ ]] ||
      fail "$settings_file: $name is \"${!name}\"; it must be a duration such as 15s, 5m or 15d"
  done
  [ -n "$GF_SECURITY_ADMIN_USER" ] || fail "$settings_file: GF_SECURITY_ADMIN_USER is empty"
  [ -n "$DATA_DIR" ] && [ "$DATA_DIR" != / ] || fail "$settings_file: DATA_DIR is \"$DATA_DIR\"; it must be a folder"
  case $DATA_DIR in /*) ;; *) DATA_DIR=$PWD/$DATA_DIR ;; esac
  export EXPOSER_PORT PROMETHEUS_PORT GRAFANA_PORT BIND_ADDRESS CONTROL_ACCESS RETENTION SCRAPE_INTERVAL
  export GF_SECURITY_ADMIN_USER GF_SECURITY_ADMIN_PASSWORD
}

services=(grafana prometheus exposer)

# is_ours PID SERVICE: whether that process is a service that this script started.
is_ours() {
  { tr '\0' '\n' <"/proc/$1/environ" | grep -qx "NARTHEX_DEMO=$PWD:$2"; } 2>/dev/null
}

# is_running SERVICE: whether the process of its pid file lives.
is_running() {
  [ -f "$DATA_DIR/run/$1.pid" ] && is_ours "$(cat "$DATA_DIR/run/$1.pid")" "$1"
}

# stop_service SERVICE: ends it, politely, and after ten seconds not so.
stop_service() {
  local pid_file=$DATA_DIR/run/$1.pid pid
  [ -f "$pid_file" ] || return 0
  pid=$(cat "$pid_file")
  if [[ $pid =~ ^[0-9]+$ ]] && is_ours "$pid" "$1"; then
    kill -TERM "$pid" 2>/dev/null
    local tries=0
    while is_ours "$pid" "$1"; do
      tries=$((tries + 1))
      [ $tries -lt 100 ] || { note "$1 does not stop; ending it"; kill -KILL "$pid" 2>/dev/null; break; }
      sleep 0.1
    done
  fi
  rm -f "$pid_file"
}

# The first compose command that works here, in compose=(...), its engine in engine. The project's name hangs on
# the folder, so that two checkouts do not share containers and volumes.
find_compose() {
  local candidate
  for candidate in "docker compose" docker-compose podman-compose; do
    read -ra compose <<<"$candidate"
    command -v "${compose[0]}" >/dev/null && "${compose[@]}" version >/dev/null 2>&1 || continue
    engine=${compose[0]%-compose}
    project=narthex_$(printf '%s' "$PWD" | cksum | cut -d ' ' -f 1)
    compose+=(-p "$project")
    return 0
  done
  compose=()
  return 1
}

# The demo's volumes of this checkout, a line each; after find_compose.
demo_volumes() {
  "$engine" volume ls -q --filter label=narthex.demo=data 2>/dev/null | grep "^${project}_" || true
}
