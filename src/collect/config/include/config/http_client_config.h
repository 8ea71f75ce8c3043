// How to reach a server over HTTP: authentication, TLS, proxies.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace narthex::config {

// Text that must not be shown: it has no conversion to a string, so that using it is a decision.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  // For the one place that sends it.
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

// Of each pair at most one is set; files are read again for each request.
struct BasicAuth {
  std::string username;
  std::string username_file;
  Secret password;
  std::string password_file;

  friend bool operator==(const BasicAuth&, const BasicAuth&) = default;
};

struct Authorization {
  std::string type = "Bearer";
  Secret credentials;
  std::string credentials_file;

  friend bool operator==(const Authorization&, const Authorization&) = default;
};

struct TlsConfig {
  std::string ca, ca_file;
  std::string cert, cert_file;
  Secret key;
  std::string key_file;
  std::string server_name;
  bool insecure_skip_verify = false;
  std::string min_version, max_version;  // "TLS10" to "TLS13"; empty: the library's choice

  friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

struct HttpHeader {
  std::vector<std::string> values;
  std::vector<Secret> secrets;
  std::vector<std::string> files;

  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

struct HttpClientConfig {
  std::optional<BasicAuth> basic_auth;
  std::optional<Authorization>
      authorization;        // bearer_token and bearer_token_file end here as well
  bool has_oauth2 = false;  // accepted, not supported: requests go without it
  TlsConfig tls;
  bool follow_redirects = true;
  bool enable_http2 = true;
  std::string proxy_url;
  std::string no_proxy;
  bool proxy_from_environment = false;
  std::map<std::string, HttpHeader> http_headers;

  friend bool operator==(const HttpClientConfig&, const HttpClientConfig&) = default;
};

}  // namespace narthex::config
