#include "http_client_reader.h"

#include <fmt/format.h>

namespace narthex::config {
namespace {

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Status ReadBasicAuth(Reader& reader, const yaml::Node& node, std::optional<BasicAuth>& into) {
  if (node.is_null()) return Ok();
  into.emplace();
  std::string username_ref, password_ref;
  NARTHEX_TRY(reader.Read(
      node, "config.plain",
      {reader.Text("username", into->username), reader.Path("username_file", into->username_file),
       reader.Text("username_ref", username_ref), reader.Password("password", into->password),
       reader.Path("password_file", into->password_file),
       reader.Text("password_ref", password_ref)}));
  if (!into->username.empty() + !into->username_file.empty() + !username_ref.empty() > 1) {
    return Wrong(
        "at most one of basic_auth username, username_file & username_ref must be configured");
  }
  if (!into->password.empty() + !into->password_file.empty() + !password_ref.empty() > 1) {
    return Wrong(
        "at most one of basic_auth password, password_file & password_ref must be configured");
  }
  return Ok();
}

Status ReadAuthorization(Reader& reader, const yaml::Node& node,
                         std::optional<Authorization>& into) {
  if (node.is_null()) return Ok();
  into.emplace();
  std::string credentials_ref;
  NARTHEX_TRY(reader.Read(
      node, "config.plain",
      {reader.Text("type", into->type), reader.Password("credentials", into->credentials),
       reader.Path("credentials_file", into->credentials_file),
       reader.Text("credentials_ref", credentials_ref)}));
  if (into->type.empty()) into->type = "Bearer";
  if (!into->credentials.empty() && !into->credentials_file.empty()) {
    return Wrong("at most one of authorization credentials & credentials_file must be configured");
  }
  if (Lower(into->type) == "basic") {
    return Wrong(R"(authorization type cannot be set to "basic", use "basic_auth" instead)");
  }
  return Ok();
}

Status ReadOauth2(Reader& reader, const yaml::Node& node) {
  if (node.is_null()) return Ok();
  std::string client_id, secret_file, secret_ref, token_url, key_file, key_ref, grant_type,
      proxy_url, no_proxy;
  Secret secret, key;
  TlsConfig tls;
  bool from_environment = false;
  std::map<std::string, std::string> endpoint_params;
  std::vector<Field> fields = {
      reader.Text("client_id", client_id),
      reader.Password("client_secret", secret),
      reader.Path("client_secret_file", secret_file),
      reader.Text("client_secret_ref", secret_ref),
      reader.Text("token_url", token_url),
      reader.TextMap("endpoint_params", endpoint_params),
      reader.Password("client_certificate_key", key),
      reader.Path("client_certificate_key_file", key_file),
      reader.Text("client_certificate_key_ref", key_ref),
      reader.Text("grant_type", grant_type),
      {"tls_config", [&](const yaml::Node& value) { return ReadTlsConfig(reader, value, tls); }},
      reader.Text("proxy_url", proxy_url),
      reader.Text("no_proxy", no_proxy),
      reader.Flag("proxy_from_environment", from_environment)};
  for (const std::string_view ignored :
       {"scopes", "client_certificate_key_id", "signature_algorithm", "iss", "audience", "claims",
        "proxy_connect_header"}) {
    fields.push_back(reader.Ignored(ignored));
  }
  NARTHEX_TRY(reader.Read(node, "config.plain", fields));
  if (client_id.empty()) return Wrong("oauth2 client_id must be configured");
  if (token_url.empty()) return Wrong("oauth2 token_url must be configured");
  if (grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer" &&
      !key.empty() + !key_file.empty() + !key_ref.empty() > 1) {
    return Wrong(
        "at most one of oauth2 client_certificate_key, client_certificate_key_file & "
        "client_certificate_key_ref "
        "must be configured using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer");
  }
  if (!secret.empty() + !secret_file.empty() + !secret_ref.empty() > 1) {
    return Wrong(
        "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be "
        "configured");
  }
  reader.AddWarning(node.position(), "oauth2 is not supported yet: requests go without a token");
  return Ok();
}

Status ReadHeaders(Reader& reader, const yaml::Node& node,
                   std::map<std::string, HttpHeader>& into) {
  if (node.is_null()) return Ok();
  if (!node.is_mapping()) {
    reader.AddFault(node.position(), "cannot unmarshal http_headers: not a map");
    return Ok();
  }
  for (const yaml::Member& member : node.members()) {
    if (IsReservedHeader(member.key)) {
      return Wrong(
          fmt::format("setting header \"{}\" is not allowed", CanonicalHeader(member.key)));
    }
    HttpHeader& header = into[member.key];
    NARTHEX_TRY(reader.Read(member.value, "config.Header",
                            {reader.Texts("values", header.values),
                             reader.Each("secrets",
                                         [&](const yaml::Node& item) {
                                           header.secrets.emplace_back(item.text());
                                           return Ok();
                                         }),
                             reader.Paths("files", header.files)}));
  }
  return Ok();
}

std::optional<int> TlsVersion(std::string_view name) {
  if (name == "TLS10") return 0;
  if (name == "TLS11") return 1;
  if (name == "TLS12") return 2;
  if (name == "TLS13") return 3;
  return std::nullopt;
}

}  // namespace

bool IsReservedHeader(std::string_view name) {
  constexpr std::string_view kReserved[] = {"authorization",
                                            "host",
                                            "content-encoding",
                                            "content-length",
                                            "content-type",
                                            "user-agent",
                                            "connection",
                                            "keep-alive",
                                            "proxy-authenticate",
                                            "proxy-authorization",
                                            "www-authenticate",
                                            "accept-encoding",
                                            "x-prometheus-remote-write-version",
                                            "x-prometheus-remote-read-version",
                                            "x-prometheus-scrape-timeout-seconds",
                                            "x-amz-date",
                                            "x-amz-security-token",
                                            "x-amz-content-sha256"};
  const std::string lower = Lower(name);
  return std::find(std::begin(kReserved), std::end(kReserved), lower) != std::end(kReserved);
}

std::string CanonicalHeader(std::string_view name) {
  std::string result = Lower(name);
  bool is_start = true;
  for (char& c : result) {
    if (is_start && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    is_start = c == '-';
  }
  return result;
}

Status ReadTlsConfig(Reader& reader, const yaml::Node& node, TlsConfig& into) {
  std::string ca_ref, cert_ref, key_ref;
  NARTHEX_TRY(
      reader.Read(node, "config.plain",
                  {reader.Text("ca", into.ca), reader.Path("ca_file", into.ca_file),
                   reader.Text("ca_ref", ca_ref), reader.Text("cert", into.cert),
                   reader.Path("cert_file", into.cert_file), reader.Text("cert_ref", cert_ref),
                   reader.Password("key", into.key), reader.Path("key_file", into.key_file),
                   reader.Text("key_ref", key_ref), reader.Text("server_name", into.server_name),
                   reader.Flag("insecure_skip_verify", into.insecure_skip_verify),
                   reader.WithoutEffect(reader.Text("min_version", into.min_version)),
                   reader.WithoutEffect(reader.Text("max_version", into.max_version))}));
  for (const std::string* version : {&into.min_version, &into.max_version}) {
    if (!version->empty() && !TlsVersion(*version))
      return Wrong(fmt::format("unknown TLS version: {}", *version));
  }
  if (!into.ca.empty() && !into.ca_file.empty())
    return Wrong("at most one of ca & ca_file must be configured");
  if (!into.cert.empty() && !into.cert_file.empty())
    return Wrong("at most one of cert & cert_file must be configured");
  if (!into.key.empty() && !into.key_file.empty())
    return Wrong("at most one of key and key_file must be configured");
  const bool has_cert = !into.cert.empty() || !into.cert_file.empty() || !cert_ref.empty();
  const bool has_key = !into.key.empty() || !into.key_file.empty() || !key_ref.empty();
  if (has_cert && !has_key)
    return Wrong(
        "exactly one of key or key_file must be configured when a client certificate is "
        "configured");
  if (has_key && !has_cert)
    return Wrong(
        "exactly one of cert or cert_file must be configured when a client key is configured");
  if (!into.min_version.empty() && !into.max_version.empty() &&
      *TlsVersion(into.min_version) > *TlsVersion(into.max_version)) {
    return Wrong(
        "tls_config.max_version must be greater than or equal to tls_config.min_version if both "
        "are specified");
  }
  return Ok();
}

std::vector<Field> HttpClientFields(Reader& reader, HttpClientKeys& keys) {
  HttpClientConfig& config = keys.config;
  return {
      {"basic_auth",
       [&](const yaml::Node& node) { return ReadBasicAuth(reader, node, config.basic_auth); }},
      {"authorization",
       [&](const yaml::Node& node) {
         return ReadAuthorization(reader, node, config.authorization);
       }},
      {"oauth2",
       [&](const yaml::Node& node) {
         config.has_oauth2 = !node.is_null();
         keys.oauth2_status = ReadOauth2(reader, node);
         return Ok();
       }},
      reader.Password("bearer_token", keys.bearer_token),
      reader.Path("bearer_token_file", keys.bearer_token_file),
      {"tls_config",
       [&](const yaml::Node& node) { return ReadTlsConfig(reader, node, config.tls); }},
      reader.Flag("follow_redirects", config.follow_redirects),
      reader.Flag("enable_http2", config.enable_http2),
      reader.Text("proxy_url", config.proxy_url),
      reader.WithoutEffect(reader.Text("no_proxy", config.no_proxy)),
      reader.WithoutEffect(reader.Flag("proxy_from_environment", config.proxy_from_environment)),
      reader.WithoutEffect(reader.Ignored("proxy_connect_header")),
      {"http_headers",
       [&](const yaml::Node& node) { return ReadHeaders(reader, node, config.http_headers); }},
  };
}

Result<HttpClientConfig> FinishHttpClient(HttpClientKeys keys) {
  HttpClientConfig& config = keys.config;
  const bool has_token = !keys.bearer_token.empty();
  const bool has_token_file = !keys.bearer_token_file.empty();
  if (has_token && has_token_file)
    return Wrong("at most one of bearer_token & bearer_token_file must be configured");
  if ((config.basic_auth || config.has_oauth2) && (has_token || has_token_file)) {
    return Wrong(
        "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
  }
  if (config.authorization && (has_token || has_token_file)) {
    return Wrong("authorization is not compatible with bearer_token & bearer_token_file");
  }
  if (config.basic_auth.has_value() + config.authorization.has_value() + config.has_oauth2 > 1) {
    return Wrong("at most one of basic_auth, oauth2 & authorization must be configured");
  }
  if (config.proxy_from_environment && !config.proxy_url.empty()) {
    return Wrong("if proxy_from_environment is configured, proxy_url must not be configured");
  }
  if (config.proxy_from_environment && !config.no_proxy.empty()) {
    return Wrong("if proxy_from_environment is configured, no_proxy must not be configured");
  }
  if (config.proxy_url.empty() && !config.no_proxy.empty()) {
    return Wrong("if no_proxy is configured, proxy_url must also be configured");
  }
  NARTHEX_TRY(keys.oauth2_status);
  if (has_token || has_token_file) {
    config.authorization =
        Authorization{"Bearer", std::move(keys.bearer_token), std::move(keys.bearer_token_file)};
  }
  return std::move(keys.config);
}

}  // namespace narthex::config
