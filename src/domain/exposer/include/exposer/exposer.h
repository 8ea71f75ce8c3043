// A server for nothing but metrics: for programs that have none of their own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/registry.h"
#include "exposer/metrics_handler.h"

namespace narthex::exposer {

// A registry and where it is shown: "/metrics".
struct ExposedRegistry {
  std::string path;
  client::Registry* registry = nullptr;
};

struct ExposerOptions {
  // "host:port", "[::1]:port" or ":port"; port 0 takes a free one.
  std::vector<std::string> listen_addresses = {"127.0.0.1:0"};
  // TLS, client certificates, users, headers, in Prometheus' format; empty: none of that.
  std::string web_config_file;
  MetricsOptions metrics;
  std::size_t connection_count_max = 512;         // beyond: 503 and closed
  std::size_t body_size_bytes_max = 64u << 10;    // of requests, which need none; beyond: 413
  std::size_t header_size_bytes_max = 64u << 10;  // beyond: 431
  std::chrono::milliseconds read_timeout = std::chrono::seconds(30);  // of a request; beyond: 408
  std::chrono::milliseconds write_timeout = std::chrono::minutes(1);  // without progress
  // Of the page at "/", if no registry is there: what the program is, for whoever finds the port.
  std::string title = "Metrics";
  std::string description;
};

// Shows registries on paths, a page with links to them at "/", and GET /-/healthy. A peer that
// reads slowly or never asks holds a connection and nothing else. Thread-safe; owns its threads.
class Exposer {
 public:
  // The registries outlive it.
  // Errors: kInvalidArgument  a path does not begin with a slash, is given twice or is one of the
  //                           exposer's own; those of http::Server::Start and
  //                           webconfig::WebGuard::Open
  static Result<std::unique_ptr<Exposer>> Start(ExposerOptions options,
                                                const std::vector<ExposedRegistry>& registries);
  // Lets answers under way finish for up to a second.
  virtual ~Exposer() = default;

  // Of the first address.
  virtual std::uint16_t port() const = 0;
  // As listened on, with the real ports.
  virtual std::vector<std::string> addresses() const = 0;

 protected:
  Exposer() = default;
};

}  // namespace narthex::exposer
