// Asks the HTTP API of a Prometheus or Narthex.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "json/value.h"

namespace narthex::apps {

class ApiClient {
 public:
  // `server`: "http://host:9090/prefix"; without a scheme it is http. `headers` go with every
  // request.
  ApiClient(std::string server, http::Headers headers);

  // The `data` of the answer to `path`, as "/api/v1/query".
  // Errors: kFailedPrecondition  the server refuses: "bad_data: invalid parameter ..."
  //         those of http::Client; kUnavailable where the answer is not one of the API
  Result<json::Value> Ask(const std::string& path, const http::Parameters& parameters) const;

  // What the last answer warned of.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  const std::string server_;
  const http::Headers headers_;
  mutable std::vector<std::string> warnings_;
};

}  // namespace narthex::apps
