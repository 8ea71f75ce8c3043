// The metrics as text or bytes: for programs that have an HTTP server, and for files.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "client/registry.h"

namespace narthex::client {

struct Answer {
  std::string content_type;
  std::string body;
};

// What answers `GET /metrics` with this Accept header: the text format, OpenMetrics 1.0 or 2.0, or
// protobuf, whatever the header asks for first; the text format if it is empty.
Answer Expose(const Registry& registry, std::string_view accept);

// The same without holding the body as a whole: what it will be, and then its pieces, of some dozen
// kilobytes each. The registry must outlive it.
class StreamedAnswer {
 public:
  StreamedAnswer(const Registry& registry, std::string_view accept);
  ~StreamedAnswer();

  const std::string& content_type() const;
  // Calls `write` for each piece; false from it: no more is wanted. Metrics are read while this
  // goes on, and no lock is held while `write` runs.
  void Write(const std::function<bool(std::string_view)>& write) const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

// Writes the text format to a file for the textfile collector of node_exporter: beside it, then in
// its place, so that no reader sees half of it.
[[nodiscard]] std::error_code WriteTextfile(const Registry& registry, const std::string& path);

}  // namespace narthex::client
