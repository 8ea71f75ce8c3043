#include "upstream.h"

#include <fmt/format.h>

#include <optional>

#include "authenticator.h"
#include "base/number.h"

namespace narthex::dashapi {
namespace {

// Numbered pairs: names in jsonData, values among the secrets. Nobody has more.
constexpr int kCustomHeaderCountMax = 100;

std::string SecretOr(const dashstore::Secrets& secrets, std::string_view key) {
  const auto found = secrets.find(key);
  return found == secrets.end() ? std::string() : found->second;
}

void AddCustomHeaders(http::ClientRequest& request, const json::Value& settings,
                      const dashstore::Secrets& secrets) {
  for (int i = 1; i <= kCustomHeaderCountMax; ++i) {
    const std::string_view name = settings[fmt::format("httpHeaderName{}", i)].AsString();
    if (name.empty()) return;
    request.headers.Set(name, SecretOr(secrets, fmt::format("httpHeaderValue{}", i)));
  }
}

std::optional<http::TlsOptions> Tls(const json::Value& settings,
                                    const dashstore::Secrets& secrets) {
  const auto is_set = [&](std::string_view key) { return settings[key].AsBool().value_or(false); };
  http::TlsOptions tls;
  tls.is_insecure = is_set("tlsSkipVerify");
  tls.server_name = settings["serverName"].AsString();
  if (is_set("tlsAuthWithCACert")) tls.ca_pem = SecretOr(secrets, "tlsCACert");
  if (is_set("tlsAuth")) {
    tls.cert_pem = SecretOr(secrets, "tlsClientCert");
    tls.key_pem = SecretOr(secrets, "tlsClientKey");
  }
  if (!tls.is_insecure && tls.server_name.empty() && tls.ca_pem.empty() && tls.cert_pem.empty()) {
    return std::nullopt;
  }
  return tls;
}

// "http://host/base" and "/api?x=1" and "a=b".
std::string JoinUrl(std::string_view base, std::string_view path_and_query,
                    std::string_view parameters) {
  while (base.ends_with('/')) base.remove_suffix(1);
  std::string url(base);
  if (!path_and_query.starts_with('/')) url.push_back('/');
  url.append(path_and_query);
  if (!parameters.empty()) {
    url.push_back(path_and_query.find('?') == std::string_view::npos ? '?' : '&');
    url.append(parameters);
  }
  return url;
}

}  // namespace

Result<http::ClientRequest> UpstreamRequest(Context& context,
                                            const dashstore::Datasource& datasource,
                                            std::string_view path_and_query) {
  if (!datasource.url.starts_with("http://") && !datasource.url.starts_with("https://")) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("data source '{}' has no http address", datasource.name));
  }
  NARTHEX_ASSIGN_OR_RETURN(const dashstore::Secrets secrets,
                           context.store.datasources().SecretsOf(datasource.id));
  const json::Value& settings = datasource.json_data;
  http::ClientRequest request;
  request.url =
      JoinUrl(datasource.url, path_and_query, settings["customQueryParameters"].AsString());
  request.timeout = context.options.data_proxy_timeout;
  if (const auto seconds = settings["timeout"].AsInt64();
      seconds && *seconds > 0 && *seconds < 86'400) {
    request.timeout = std::chrono::seconds(*seconds);
  }
  request.connect_timeout = context.options.data_proxy_dial_timeout;
  request.body_size_bytes_max = context.options.data_proxy_response_size_max;
  if (datasource.basic_auth) {
    request.basic_auth.emplace(datasource.basic_auth_user, SecretOr(secrets, "basicAuthPassword"));
  }
  AddCustomHeaders(request, settings, secrets);
  request.tls = Tls(settings, secrets);
  return request;
}

void AddViewer(const Context& context, const dashstore::Datasource& datasource,
               const Caller& caller, const http::Request& request, http::ClientRequest& upstream) {
  if (context.options.sends_user_header && !caller.is_anonymous()) {
    upstream.headers.Set("X-Grafana-User", caller.user.login);
  }
  std::string kept;
  for (const json::Value& item : datasource.json_data["keepCookies"].items()) {
    const std::string_view name = item.AsString();
    const std::string_view value = http::Cookie(request, name);
    if (value.empty() || name == kSessionCookie || name == kSessionExpiryCookie) continue;
    kept += fmt::format("{}{}={}", kept.empty() ? "" : "; ", name, value);
  }
  if (!kept.empty()) upstream.headers.Set("Cookie", kept);
}

bool KnowsViewer(const Context& context, const dashstore::Datasource& datasource) {
  return context.options.sends_user_header || datasource.json_data["keepCookies"].size() > 0;
}

bool LeavesBase(std::string_view encoded_path) {
  const std::string path =
      http::UrlDecode(encoded_path.substr(0, encoded_path.find_first_of("?#")));
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("/\\"), rest.size());
    if (rest.substr(0, end) == "..") return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace narthex::dashapi
