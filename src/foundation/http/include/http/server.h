// The HTTP/1.1 server of every role.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/router.h"
#include "http/server_tls.h"

namespace narthex::http {

// What became of one request; for metrics and access logs.
struct Served {
  std::string_view pattern;  // of the route; empty if none fitted
  std::string_view method;
  int status = 0;
  std::chrono::nanoseconds duration{0};
  std::uint64_t request_size_bytes = 0;
  std::uint64_t response_size_bytes = 0;  // of the body, as sent
};

struct ServerOptions {
  // "host:port", "[::1]:port" or ":port"; port 0 takes a free one.
  std::vector<std::string> listen_addresses = {"127.0.0.1:0"};
  std::size_t worker_count = 16;           // handlers at work at once; threads start as needed
  std::size_t worker_queue_max = 4096;     // requests waiting for one; beyond: 503
  std::size_t connection_count_max = 512;  // beyond: 503 and closed
  // Of the request line, and of all fields; beyond: 431.
  std::size_t header_size_bytes_max = 64u << 10;
  std::size_t body_size_bytes_max = 64u << 20;  // also after decompression; beyond: 413
  std::chrono::milliseconds read_timeout = std::chrono::minutes(1);   // of one request; beyond: 408
  std::chrono::milliseconds idle_timeout = std::chrono::minutes(5);   // between requests
  std::chrono::milliseconds write_timeout = std::chrono::minutes(1);  // without progress
  // Set: all connections speak TLS. Called for each, from one thread; never gives null.
  std::function<std::shared_ptr<const ServerTls>()> tls;
  bool is_compressing = true;  // gzip and zstd by Accept-Encoding
  // Called after each answer from the thread of its connection; must be quick and not block.
  std::function<void(const Served&)> observer;
  // Deadlines and durations; outlives the server.
  const Clock* clock = &SystemClock();
};

// Owns its threads. Keep-alive; pipelined requests are answered in order; bodies may come gzip- or
// zstd-compressed; answers over 1 KiB of a compressible type are compressed when the peer takes it.
class Server {
 public:
  // Listens and serves. The router must not change any more.
  // Errors: kInvalidArgument  an address is malformed
  //         kAlreadyExists    a port is in use; the message names the address
  //         kPermissionDenied, kIo
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, Router router);

  // Shutdown() with a grace of nothing, if that did not happen before.
  virtual ~Server() = default;

  // Of the first address.
  virtual std::uint16_t port() const = 0;
  // As listened on, with the real ports.
  virtual std::vector<std::string> addresses() const = 0;
  virtual std::size_t connection_count() const = 0;

  // Accepts no more, lets requests under way finish for up to `grace`, then cancels and cuts them.
  virtual void Shutdown(std::chrono::milliseconds grace) = 0;

 protected:
  Server() = default;
};

}  // namespace narthex::http
