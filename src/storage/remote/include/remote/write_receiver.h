// The receiving side of remote write: what other servers and agents push.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "client/registry.h"
#include "http/message.h"
#include "storage/appender.h"

namespace narthex::remote {

struct WriteReceiverOptions {
  bool accepts_v1 = true;  // prometheus.WriteRequest
  bool accepts_v2 = true;  // io.prometheus.write.v2.Request
  // Whether exemplars go to the store; otherwise they are read and dropped.
  bool keeps_exemplars = false;
  // Of one request; beyond: 413. Requests of senders have a few thousand samples.
  std::size_t decoded_size_bytes_max = std::size_t{32} << 20;
  std::size_t series_count_max = 1'000'000;  // symbols of 2.0 alike
  std::size_t sample_count_max = 4'000'000;  // histograms and exemplars count for more
  // Series whose reference is remembered, 40 bytes each; those not seen for longest go first.
  std::size_t known_series_count_max = std::size_t{4} << 20;
};

// Answers POST /api/v1/write. A series that was sent before costs a hash and a look-up: its labels
// are parsed only when it is new, or was forgotten.
//
// Thread-safe.
class WriteReceiver {
 public:
  struct Parts {
    storage::Appender& appender;
    const Clock& clock;
    client::Registry& registry;
  };

  // What is in `parts` must outlive the receiver.
  WriteReceiver(Parts parts, WriteReceiverOptions options);
  ~WriteReceiver();
  WriteReceiver(const WriteReceiver&) = delete;
  WriteReceiver& operator=(const WriteReceiver&) = delete;

  // 204: all is stored. 400: malformed, or refused samples: of 1.0 then nothing of the request is
  // stored, of 2.0 everything else is; the headers X-Prometheus-Remote-Write-*-Written say how
  // much. 413: a limit. 415: content type or encoding. 500: the store could not take it; send it
  // again. Source: Prometheus Remote-Write 1.0 and 2.0; spec RWS-001 to RWS-006.
  http::Response Answer(const http::Request& request);

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace narthex::remote
