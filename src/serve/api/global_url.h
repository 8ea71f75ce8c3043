// A target's address as seen from other machines.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::api {

struct ExternalAddress {
  std::string listen_address;  // "0.0.0.0:9090"
  std::string host;            // "prometheus.example.com:9090"
  std::string scheme;
};

// `url` with a loopback host replaced by the external one: whoever reads the answer is elsewhere.
// On the server's own port the external scheme and port are taken too.
// Errors: kInvalidArgument  an address that is no host and port, in the words of Go's net package
// Conformance: http_api/global_url, http_api/endpoints.
Result<std::string> GlobalUrl(std::string_view url, const ExternalAddress& external);

}  // namespace narthex::api
