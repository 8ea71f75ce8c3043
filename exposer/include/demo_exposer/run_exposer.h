// The demo's exposer: a simulated service and the endpoint that shows its metrics.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace narthex::demo_exposer {

// Whom the control routes answer.
enum class ControlAccess { kNobody, kLoopback, kAll };

struct ControlOptions {
  ControlAccess access = ControlAccess::kLoopback;
  // Where the browser finds the other services, on the host by which it knows this one.
  std::uint16_t server_port = 9090;
  std::uint16_t dashboards_port = 3000;
};

struct ExposerOptions {
  std::vector<std::string> listen_addresses = {"0.0.0.0:8000"};
  std::string web_config_file;  // TLS, users, headers; empty: none of that
  std::uint64_t seed = 42;  // equal seeds make equal runs
  std::string version = "unknown";
  std::string revision = "unknown";
  ControlOptions control;
  // Called once with the port of the first address, when requests are answered.
  std::function<void(std::uint16_t port)> on_started;
};

// Serves until `stop` is requested, then lets answers under way finish for up to 2 s.
//
// Errors: those of http::Server::Start and webconfig::WebGuard::Open, at once
Status RunExposer(const ExposerOptions& options, Clock& clock, std::stop_token stop);

}  // namespace narthex::demo_exposer
