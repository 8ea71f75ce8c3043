// The HTTP server from which the metrics are scraped.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "prometheus/collectable.h"

struct CivetCallbacks;

namespace prometheus {

// Serves from its making until its end. Thread-safe. Answers in the format that a scraper asks for:
// text, OpenMetrics or protobuf; gzip and zstd. Several collectables of one path become one page,
// on which a family that several have stands once.
class Exposer {
 public:
  // "host:port", "[address]:port" or "port" (all addresses), several with commas between; port 0
  // takes a free one. Throws std::runtime_error: an address is malformed or in use.
  explicit Exposer(const std::string& bind_address, std::size_t num_threads = 2,
                   const CivetCallbacks* callbacks = nullptr);
  // Names and values of options, alternating, in the words of CivetWeb: "listening_ports" and
  // "num_threads". Throws std::runtime_error: as above; any other option, or callbacks, since what
  // they ask for would not happen.
  explicit Exposer(std::vector<std::string> options, const CivetCallbacks* callbacks = nullptr);
  ~Exposer();
  Exposer(const Exposer&) = delete;
  Exposer& operator=(const Exposer&) = delete;

  // Shows what it collects as long as it lives. What it throws leaves its metrics out.
  void RegisterCollectable(const std::weak_ptr<Collectable>& collectable,
                           const std::string& uri = "/metrics");
  void RemoveCollectable(const std::weak_ptr<Collectable>& collectable,
                         const std::string& uri = "/metrics");

  // Answers under `uri` only those for whose name and password `callback` gives true.
  void RegisterAuth(std::function<bool(const std::string&, const std::string&)> callback,
                    const std::string& realm = "Prometheus-cpp Exporter",
                    const std::string& uri = "/metrics");

  std::vector<int> GetListeningPorts() const;

 private:
  class State;
  const std::shared_ptr<State> state_;
};

}  // namespace prometheus
