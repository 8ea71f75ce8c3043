#include "request.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/number.h"
#include "model/name_escaping.h"

namespace narthex::scrape {
namespace {

exposition::ScrapeProtocol ProtocolOf(config::ScrapeProtocol protocol) {
  const auto known = exposition::ParseScrapeProtocol(config::ScrapeProtocolName(protocol));
  NARTHEX_CHECK(known.has_value(), "both layers know the same names");
  return *known;
}

// A secret given as text or in a file, whose surrounding white space does not count.
Result<std::string> SecretOf(const config::Secret& text, const std::string& path) {
  if (path.empty()) return text.reveal();
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return SystemError(errno, "unable to read file " + path);
  std::ostringstream content;
  content << file.rdbuf();
  std::string secret = std::move(content).str();
  constexpr std::string_view kBlanks = " \t\r\n";
  secret.erase(0, std::min(secret.find_first_not_of(kBlanks), secret.size()));
  secret.erase(secret.find_last_not_of(kBlanks) + 1);
  return secret;
}

Status SetAuthentication(const config::HttpClientConfig& config, http::ClientRequest& request) {
  if (config.basic_auth) {
    NARTHEX_ASSIGN_OR_RETURN(
        std::string username,
        SecretOf(config::Secret(config.basic_auth->username), config.basic_auth->username_file));
    NARTHEX_ASSIGN_OR_RETURN(std::string password, SecretOf(config.basic_auth->password,
                                                            config.basic_auth->password_file));
    request.basic_auth = {std::move(username), std::move(password)};
  }
  if (config.authorization) {
    NARTHEX_ASSIGN_OR_RETURN(
        const std::string credentials,
        SecretOf(config.authorization->credentials, config.authorization->credentials_file));
    if (config.authorization->type == "Bearer") {
      request.bearer_token = credentials;
    } else {
      request.headers.Set("Authorization", config.authorization->type + " " + credentials);
    }
  }
  return Ok();
}

Status SetHeaders(const config::HttpClientConfig& config, http::ClientRequest& request) {
  for (const auto& [name, header] : config.http_headers) {
    for (const std::string& value : header.values) request.headers.Add(name, value);
    for (const config::Secret& secret : header.secrets) request.headers.Add(name, secret.reveal());
    for (const std::string& path : header.files) {
      NARTHEX_ASSIGN_OR_RETURN(const std::string value, SecretOf({}, path));
      request.headers.Add(name, value);
    }
  }
  return Ok();
}

std::optional<http::TlsOptions> TlsOf(const config::TlsConfig& config) {
  if (config == config::TlsConfig()) return std::nullopt;
  http::TlsOptions tls;
  tls.ca_file = config.ca_file;
  tls.ca_pem = config.ca;
  tls.cert_file = config.cert_file;
  tls.cert_pem = config.cert;
  tls.key_file = config.key_file;
  tls.key_pem = config.key.reveal();
  tls.server_name = config.server_name;
  tls.is_insecure = config.insecure_skip_verify;
  return tls;
}

}  // namespace

std::string AcceptHeader(const config::ScrapeConfig& config) {
  std::string accept;
  std::size_t weight = config.scrape_protocols.size() + 2;
  for (const config::ScrapeProtocol protocol : config.scrape_protocols) {
    accept += exposition::AcceptTypeOf(ProtocolOf(protocol));
    const bool has_escaping = protocol == config::ScrapeProtocol::kPrometheusText100 ||
                              protocol == config::ScrapeProtocol::kOpenMetricsText100;
    if (has_escaping)
      accept +=
          fmt::format(";escaping={}", model::NameEscapingText(config.metric_name_escaping_scheme));
    accept += fmt::format(";q=0.{},", weight--);
  }
  return accept + fmt::format("*/*;q=0.{}", weight);
}

Result<http::ClientRequest> MakeRequest(const JobRules& rules, const Target& target) {
  const config::ScrapeConfig& config = rules.config;
  http::ClientRequest request;
  request.url = target.url;
  request.unix_socket = target.unix_socket;
  request.timeout = target.timeout;
  request.connect_timeout = target.timeout;
  request.follows_redirects = config.http.follow_redirects;
  request.is_compressed_accepted = config.enable_compression;
  request.proxy_url = config.http.proxy_url;
  request.tls = TlsOf(config.http.tls);
  // A body of exactly the limit is too large, so one byte less is the most.
  const std::uint64_t limit = config.limits.body_size_limit;
  request.body_size_bytes_max =
      limit == 0 ? kBodySizeBytesMax : std::max<std::uint64_t>(limit - 1, 1);
  request.headers.Set("Accept", rules.accept);
  request.headers.Set(
      "X-Prometheus-Scrape-Timeout-Seconds",
      FormatDouble(std::chrono::duration<double>(target.timeout).count(), FloatFormat::kPlain));
  NARTHEX_TRY(SetHeaders(config.http, request));
  NARTHEX_TRY(SetAuthentication(config.http, request));
  return request;
}

bool ReadsFiles(const config::HttpClientConfig& config) {
  const auto& basic = config.basic_auth;
  if (basic && !(basic->username_file.empty() && basic->password_file.empty())) return true;
  if (config.authorization && !config.authorization->credentials_file.empty()) return true;
  return std::ranges::any_of(config.http_headers,
                             [](const auto& header) { return !header.second.files.empty(); });
}

Result<exposition::FormatChoice> FormatOfAnswer(const config::ScrapeConfig& config,
                                                std::string_view content_type) {
  std::optional<exposition::ScrapeProtocol> fallback;
  if (config.fallback_scrape_protocol) fallback = ProtocolOf(*config.fallback_scrape_protocol);
  return exposition::ChooseFormat(content_type, fallback);
}

}  // namespace narthex::scrape
