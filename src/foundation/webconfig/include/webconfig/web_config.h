// The web configuration file of Prometheus and its exporters, as plain structs.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/server_tls.h"

namespace narthex::webconfig {

// tls_server_config. Paths are resolved against the folder of the file.
struct TlsSection {
  // Certificate, key and client CA come from a file or, if that is empty, are written out.
  std::string cert_file;
  std::string key_file;
  std::string client_ca_file;
  // All else; of the three texts those that the file itself holds.
  http::ServerTlsOptions options;

  bool is_enabled() const;

  bool has_client_policy = false;  // client_auth_type is there, whatever it says
};

// rate_limit. An interval of 0 is no limit.
struct RateLimit {
  std::uint64_t burst = 0;
  std::chrono::nanoseconds interval{0};  // after which one more request is let in
};

struct WebConfig {
  TlsSection tls;
  std::map<std::string, std::string, std::less<>> users;  // name to bcrypt hash
  std::map<std::string, std::string> headers;
  RateLimit rate_limit;
};

// `folder`: of the file, for its relative paths. Reads no file.
//
// Errors: kInvalidArgument  the text is no YAML; a key is unknown, a value is of the wrong type,
//                           against a rule or no bcrypt hash; messages have upstream's words
// Source: Prometheus exporter-toolkit, docs/web-configuration.md; spec/prometheus.md, TLS-001 to
// TLS-003.
Result<WebConfig> ParseWebConfig(std::string_view text, std::string_view folder);

}  // namespace narthex::webconfig
