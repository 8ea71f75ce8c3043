#include "webconfig/web_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <span>

#include "bcrypt.h"
#include "duration.h"
#include "yaml/parse.h"

namespace narthex::webconfig {
namespace {

using yaml::Node;

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

struct Field {
  std::string_view key;
  std::function<Status(const Node&)> read;
};

// Calls the field of each key; null reads as an empty mapping. `type` stands in the errors.
Status ReadMapping(const Node& node, std::string_view type, std::span<const Field> fields) {
  if (node.is_null()) return Ok();
  if (!node.is_mapping()) {
    return yaml::LineError(node.position(), fmt::format("cannot unmarshal into {}", type));
  }
  for (const yaml::Member& member : node.members()) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& field) { return field.key == member.key; });
    if (found == fields.end()) {
      return yaml::LineError(member.position,
                             fmt::format("field {} not found in type {}", member.key, type));
    }
    if (!member.value.is_null()) NARTHEX_TRY(found->read(member.value));
  }
  return Ok();
}

Field Text(std::string_view key, std::string& into) {
  return {key, [&into](const Node& node) -> Status {
            NARTHEX_ASSIGN_OR_RETURN(into, yaml::AsString(node));
            return Ok();
          }};
}

Field Path(std::string_view key, std::string_view folder, std::string& into) {
  return {key, [folder, &into](const Node& node) -> Status {
            NARTHEX_ASSIGN_OR_RETURN(into, yaml::AsString(node));
            if (!into.empty() && into[0] != '/') into = fmt::format("{}/{}", folder, into);
            return Ok();
          }};
}

Field Flag(std::string_view key, bool& into) {
  return {key, [&into](const Node& node) -> Status {
            NARTHEX_ASSIGN_OR_RETURN(into, yaml::AsBool(node));
            return Ok();
          }};
}

Status ReadEach(const Node& node, const std::function<Status(const Node&)>& read) {
  if (!node.is_sequence()) return yaml::LineError(node.position(), "cannot unmarshal into a list");
  for (const Node& item : node.items()) NARTHEX_TRY(read(item));
  return Ok();
}

Status ReadTexts(const Node& node, std::map<std::string, std::string, std::less<>>& into) {
  if (!node.is_mapping()) {
    return yaml::LineError(node.position(), "cannot unmarshal into map[string]string");
  }
  for (const yaml::Member& member : node.members()) {
    NARTHEX_ASSIGN_OR_RETURN(into[member.key], yaml::AsString(member.value));
  }
  return Ok();
}

template <typename T, std::size_t kCount>
std::optional<T> Choose(const std::array<std::pair<std::string_view, T>, kCount>& choices,
                        std::string_view word) {
  for (const auto& [name, value] : choices) {
    if (name == word) return value;
  }
  return std::nullopt;
}

Field Version(std::string_view key, http::TlsVersion& into) {
  using enum http::TlsVersion;
  static constexpr std::array<std::pair<std::string_view, http::TlsVersion>, 4> kVersions = {
      {{"TLS10", k10}, {"TLS11", k11}, {"TLS12", k12}, {"TLS13", k13}}};
  return {key, [&into](const Node& node) -> Status {
            NARTHEX_ASSIGN_OR_RETURN(const std::string word, yaml::AsString(node));
            const auto version = Choose(kVersions, word);
            if (!version) {
              return yaml::LineError(node.position(), fmt::format("unknown TLS version: {}", word));
            }
            into = *version;
            return Ok();
          }};
}

Status ReadClientPolicy(const Node& node, TlsSection& tls) {
  using enum http::ClientCertificate;
  static constexpr std::array<std::pair<std::string_view, http::ClientCertificate>, 7> kPolicies = {
      {{"", kNone},
       {"NoClientCert", kNone},
       {"RequestClientCert", kRequest},
       {"RequireAnyClientCert", kRequireAny},
       // Its name in the first versions of upstream.
       {"RequireClientCert", kRequireAny},
       {"VerifyClientCertIfGiven", kVerifyIfGiven},
       {"RequireAndVerifyClientCert", kRequireAndVerify}}};
  NARTHEX_ASSIGN_OR_RETURN(const std::string word, yaml::AsString(node));
  const auto policy = Choose(kPolicies, word);
  if (!policy) {
    return yaml::LineError(node.position(), fmt::format("invalid ClientAuth: {}", word));
  }
  tls.options.client_certificate = *policy;
  tls.has_client_policy = !word.empty();
  return Ok();
}

Status ReadCipher(const Node& node, std::vector<std::string>& into) {
  NARTHEX_ASSIGN_OR_RETURN(std::string name, yaml::AsString(node));
  if (!http::IsCipherSuite(name)) {
    return yaml::LineError(node.position(), fmt::format("unknown cipher: {}", name));
  }
  into.push_back(std::move(name));
  return Ok();
}

Status ReadCurve(const Node& node, std::vector<std::string>& into) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kCurves = {
      {{"CurveP256", "P-256"},
       {"CurveP384", "P-384"},
       {"CurveP521", "P-521"},
       {"X25519", "X25519"}}};
  NARTHEX_ASSIGN_OR_RETURN(const std::string name, yaml::AsString(node));
  const auto curve = Choose(kCurves, name);
  if (!curve) return yaml::LineError(node.position(), fmt::format("unknown curve: {}", name));
  into.emplace_back(*curve);
  return Ok();
}

Status ReadTls(const Node& node, std::string_view folder, TlsSection& tls) {
  http::ServerTlsOptions& options = tls.options;
  const Field fields[] = {
      Text("cert", options.certificate_pem),
      Text("key", options.key_pem),
      Text("client_ca", options.client_ca_pem),
      Path("cert_file", folder, tls.cert_file),
      Path("key_file", folder, tls.key_file),
      Path("client_ca_file", folder, tls.client_ca_file),
      {"client_auth_type", [&](const Node& value) { return ReadClientPolicy(value, tls); }},
      {"client_allowed_sans",
       [&](const Node& list) {
         return ReadEach(list, [&](const Node& item) -> Status {
           NARTHEX_ASSIGN_OR_RETURN(options.client_allowed_names.emplace_back(),
                                    yaml::AsString(item));
           return Ok();
         });
       }},
      Version("min_version", options.version_min),
      Version("max_version", options.version_max),
      {"cipher_suites",
       [&](const Node& list) {
         return ReadEach(list,
                         [&](const Node& item) { return ReadCipher(item, options.cipher_suites); });
       }},
      {"curve_preferences",
       [&](const Node& list) {
         return ReadEach(list, [&](const Node& item) { return ReadCurve(item, options.curves); });
       }},
      Flag("prefer_server_cipher_suites", options.prefers_own_cipher_order),
  };
  return ReadMapping(node, "web.TLSConfig", fields);
}

Status CheckTls(const TlsSection& tls) {
  using enum http::ClientCertificate;
  if (!tls.is_enabled()) return Ok();
  const http::ServerTlsOptions& options = tls.options;
  if (tls.cert_file.empty() && options.certificate_pem.empty()) {
    return Invalid("missing one of cert or cert_file");
  }
  if (tls.key_file.empty() && options.key_pem.empty()) {
    return Invalid("missing one of key or key_file");
  }
  const bool has_authority = !tls.client_ca_file.empty() || !options.client_ca_pem.empty();
  if (has_authority && options.client_certificate == kNone) {
    return Invalid("client CA's have been configured without a Client Auth Policy");
  }
  const bool is_needed =
      options.client_certificate == kRequireAny || options.client_certificate == kRequireAndVerify;
  if (!options.client_allowed_names.empty() && !is_needed) {
    return Invalid(
        "client_allowed_sans requires client_auth_type to be one of RequireAnyClientCert or "
        "RequireAndVerifyClientCert");
  }
  return Ok();
}

Status CheckHeader(const std::string& name, const std::string& value) {
  constexpr std::string_view kFree[] = {"Strict-Transport-Security", "X-XSS-Protection",
                                        "Content-Security-Policy"};
  if (std::find(std::begin(kFree), std::end(kFree), name) != std::end(kFree)) return Ok();
  const auto wrong = [&](std::string_view expected) {
    return Invalid(fmt::format("invalid value for {}. Expected one of: [{}], but got: \"{}\"", name,
                               expected, value));
  };
  if (name == "X-Content-Type-Options") {
    return value == "nosniff" ? Ok() : Status(wrong("\"nosniff\""));
  }
  if (name == "X-Frame-Options") {
    return value == "deny" || value == "sameorigin" ? Ok()
                                                    : Status(wrong("\"deny\" \"sameorigin\""));
  }
  return Invalid(fmt::format("HTTP header \"{}\" can not be configured", name));
}

Status ReadHttp(const Node& node, WebConfig& config) {
  // Answers come by HTTP/1.1 whatever it says.
  bool is_http2 = true;
  const Field fields[] = {Flag("http2", is_http2),
                          {"headers", [&](const Node& value) -> Status {
                             std::map<std::string, std::string, std::less<>> headers;
                             NARTHEX_TRY(ReadTexts(value, headers));
                             for (auto& [name, text] : headers) {
                               NARTHEX_TRY(CheckHeader(name, text));
                               config.headers[name] = text;
                             }
                             return Ok();
                           }}};
  return ReadMapping(node, "web.HTTPConfig", fields);
}

Status ReadUsers(const Node& node, WebConfig& config) {
  NARTHEX_TRY(ReadTexts(node, config.users));
  for (const auto& [name, hash] : config.users) {
    if (!IsBcryptHash(hash)) {
      return Invalid(
          fmt::format("basic_auth_users: the password of \"{}\" is no bcrypt hash", name));
    }
  }
  return Ok();
}

Status ReadRateLimit(const Node& node, RateLimit& limit) {
  const Field fields[] = {
      {"burst",
       [&](const Node& value) -> Status {
         NARTHEX_ASSIGN_OR_RETURN(limit.burst, yaml::AsUint64(value));
         return Ok();
       }},
      {"interval", [&](const Node& value) -> Status {
         NARTHEX_ASSIGN_OR_RETURN(const std::string text, yaml::AsString(value));
         const auto interval = ParseGoDuration(text);
         if (!interval) {
           return yaml::LineError(value.position(),
                                  fmt::format("cannot unmarshal \"{}\" into time.Duration", text));
         }
         limit.interval = *interval;
         return Ok();
       }}};
  return ReadMapping(node, "web.RateLimiterConfig", fields);
}

}  // namespace

bool TlsSection::is_enabled() const {
  return !cert_file.empty() || !key_file.empty() || !client_ca_file.empty() ||
         !options.certificate_pem.empty() || !options.key_pem.empty() ||
         !options.client_ca_pem.empty() || has_client_policy;
}

Result<WebConfig> ParseWebConfig(std::string_view text, std::string_view folder) {
  NARTHEX_ASSIGN_OR_RETURN(const yaml::Document document, yaml::Parse(text));
  WebConfig config;
  const Field fields[] = {
      {"tls_server_config", [&](const Node& node) { return ReadTls(node, folder, config.tls); }},
      {"http_server_config", [&](const Node& node) { return ReadHttp(node, config); }},
      {"basic_auth_users", [&](const Node& node) { return ReadUsers(node, config); }},
      {"rate_limit", [&](const Node& node) { return ReadRateLimit(node, config.rate_limit); }},
  };
  NARTHEX_TRY(ReadMapping(document.root, "web.Config", fields));
  NARTHEX_TRY(CheckTls(config.tls));
  return config;
}

}  // namespace narthex::webconfig
