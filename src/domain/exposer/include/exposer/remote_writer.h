// Pushes a registry by remote write: for programs that nobody can reach to scrape them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "client/labels.h"
#include "client/registry.h"
#include "http/client.h"

namespace narthex::exposer {

enum class RemoteWriteVersion {
  k1,  // prometheus.WriteRequest
  k2,  // io.prometheus.write.v2.Request; a receiver that does not know it gets 1 from then on
};

struct RemoteWriterOptions {
  std::string url;  // "http://prometheus:9090/api/v1/write"
  RemoteWriteVersion version = RemoteWriteVersion::k2;
  // Put on every series that has no such label: job, instance, ...
  client::Labels external_labels = {};
  std::chrono::milliseconds interval = std::chrono::seconds(15);  // from push to push
  std::chrono::milliseconds timeout = std::chrono::seconds(10);   // of one request
  // Pauses between attempts double from the least to the most; Retry-After makes them longer. What
  // is not taken when the next push is due is given up.
  std::chrono::milliseconds backoff_min{30};
  std::chrono::milliseconds backoff_max{5000};
  std::size_t samples_per_request_max = 5000;
  http::Headers headers = {};
  std::optional<std::pair<std::string, std::string>> basic_auth = std::nullopt;  // name, password
  std::string bearer_token = {};
  std::optional<http::TlsOptions> tls = std::nullopt;
};

// Pushes all samples of a registry with the time of the push, one request after another, from a
// thread of its own. Thread-safe.
//
// A receiver that is away, busy (429) or broken (5xx) is asked again; what it refuses otherwise is
// dropped. Registers metrics_push_samples_total, metrics_push_failed_samples_total and
// metrics_push_retries_total. Memory: one push, encoded.
// Source: Prometheus Remote-Write 1.0 and 2.0.
class RemoteWriter {
 public:
  // All references outlive it.
  struct Parts {
    client::Registry& registry;
    http::Client& client;
    Clock& clock = SystemClock();
  };

  // The first push is made after one interval.
  // Errors: kInvalidArgument  the URL is empty; a limit or time is 0; an external label's name is
  //                           malformed
  static Result<std::unique_ptr<RemoteWriter>> Start(Parts parts, RemoteWriterOptions options);

  // Ends what is under way and pushes a last time, with one attempt.
  virtual ~RemoteWriter() = default;

  // Pushes now, with attempts for an interval at most. Blocks.
  // Errors: kInvalidArgument  the receiver refused it
  //         kUnavailable      it could not take it in that time; the message says why
  //         kCanceled         the writer ends
  virtual Status Push() = 0;

 protected:
  RemoteWriter() = default;
};

}  // namespace narthex::exposer
