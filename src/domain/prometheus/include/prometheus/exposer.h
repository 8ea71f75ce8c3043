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
  // Names and values of options, alternating, in the words of CivetWeb:
  //   listening_ports        "8080", "127.0.0.1:8080", "[::1]:8443s"; several with commas between.
  //                          An `s` behind it is TLS, which then holds for all of them
  //   num_threads            handlers at work at once
  //   request_timeout_ms     of reading one request
  //   keep_alive_timeout_ms  between requests
  //   ssl_certificate        a PEM file: the certificate, those behind it, and the key
  //   ssl_certificate_chain  a PEM file of more certificates, sent behind the first
  //   ssl_verify_peer        "yes", "optional" or "no"
  //   ssl_ca_file            the authorities of clients; the system's if there is none
  //   ssl_protocol_version   the least: 0 to 2 TLS 1.0, 3 TLS 1.1, 4 TLS 1.2, 5 TLS 1.3
  // Throws std::runtime_error: as above; a value or a file that cannot be used; any other option,
  // or callbacks, since what they ask for would not happen.
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
