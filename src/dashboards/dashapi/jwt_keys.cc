#include "jwt_keys.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "base/number.h"
#include "io/file_system.h"

namespace narthex::dashapi {
namespace {

constexpr std::chrono::milliseconds kTimeout = std::chrono::seconds(10);
constexpr std::size_t kTokenFileSizeMax = 64u << 10;

Error Wrong(std::string what) { return {ErrorCode::kInvalidArgument, std::move(what)}; }

Status Check(const JwtOptions& options) {
  const int place_count = (options.key_file.empty() ? 0 : 1) +
                          (options.jwk_set_file.empty() ? 0 : 1) +
                          (options.jwk_set_url.empty() ? 0 : 1);
  if (place_count != 1) return Wrong("one of key_file, jwk_set_file and jwk_set_url must be set");
  const std::string_view url = options.jwk_set_url;
  if (!url.empty() && !url.starts_with("https://") &&
      !(options.takes_http_url && url.starts_with("http://"))) {
    return Wrong("jwk_set_url must begin with https://");
  }
  return Ok();
}

// What the server of the keys is told so that it gives them; read each time, since such tokens
// are renewed.
Result<std::string> ReadBearerToken(const std::string& path) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                           io::ReadFile(io::SystemFiles(), path, kTokenFileSizeMax));
  constexpr std::string_view kSpace = " \t\r\n";
  constexpr std::string_view kPrefix = "Bearer ";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string::npos) return Wrong(path + " is empty");
  std::string_view token = std::string_view(text).substr(first);
  token = token.substr(0, token.find_last_not_of(kSpace) + 1);
  if (token.starts_with(kPrefix)) token.remove_prefix(kPrefix.size());
  return std::string(token);
}

// `max-age` of a Cache-Control header; empty if it has none.
std::optional<std::int64_t> MaxAgeSeconds(std::string_view header) {
  constexpr std::string_view kName = "max-age=";
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    std::string_view part = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (part.starts_with(kName)) return ParseInt64(part.substr(kName.size()));
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<JwtKeys>> JwtKeys::Make(const JwtOptions& options, http::Client& client,
                                               Clock& clock) {
  NARTHEX_TRY(Check(options));
  std::unique_ptr<JwtKeys> keys(new JwtKeys(options, client, clock));
  const std::string& path = options.key_file.empty() ? options.jwk_set_file : options.key_file;
  if (!path.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                             io::ReadFile(io::SystemFiles(), path, jwt::KeySet::kTextSizeBytesMax));
    auto read = options.key_file.empty() ? jwt::KeySet::ParseJwkSet(text)
                                         : jwt::KeySet::ParsePem(text, options.key_id);
    if (!read.ok()) return std::move(read).error().Under(path);
    keys->fixed_ = *std::move(read);
    return keys;
  }
  // Faults of set-up show at the start, not at the first sign-in.
  if (!options.jwk_set_bearer_token_file.empty()) {
    NARTHEX_TRY(ReadBearerToken(options.jwk_set_bearer_token_file));
  }
  if (!options.tls_ca_file.empty()) {
    NARTHEX_TRY(
        io::ReadFile(io::SystemFiles(), options.tls_ca_file, jwt::KeySet::kTextSizeBytesMax));
  }
  return keys;
}

Result<jwt::KeySet> JwtKeys::Get() {
  if (fixed_) return *fixed_;
  {
    const MutexLock lock(mutex_);
    const TimestampMs now = clock_.Now();
    if (now < kept_until_) return kept_;
    if (now < fault_until_) return Error(ErrorCode::kUnavailable, fault_);
  }
  Result<Fetched> fetched = Fetch();
  if (!fetched.ok()) {
    LogWarn("dashapi", "no keys for JSON web tokens", {{"reason", fetched.error().message()}});
  }
  const MutexLock lock(mutex_);
  const TimestampMs now = clock_.Now();
  if (!fetched.ok()) {
    fault_ = fetched.error().message();
    fault_until_ = now + kPauseMs;
    return Error(ErrorCode::kUnavailable, fault_);
  }
  kept_ = fetched->keys;
  kept_until_ = now + fetched->lifetime_ms;
  return kept_;
}

Result<JwtKeys::Fetched> JwtKeys::Fetch() {
  http::ClientRequest request;
  request.url = options_.jwk_set_url;
  request.timeout = kTimeout;
  request.body_size_bytes_max = jwt::KeySet::kTextSizeBytesMax;
  // Elsewhere it might be told by anybody, and told the token.
  request.follows_redirects = false;
  request.headers.Set("Accept", "application/json");
  if (!options_.jwk_set_bearer_token_file.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(request.bearer_token,
                             ReadBearerToken(options_.jwk_set_bearer_token_file));
  }
  if (!options_.tls_ca_file.empty() || options_.skips_tls_verification) {
    request.tls.emplace();
    request.tls->ca_file = options_.tls_ca_file;
    request.tls->is_insecure = options_.skips_tls_verification;
  }
  NARTHEX_ASSIGN_OR_RETURN(const http::ClientResponse answer,
                           client_.FetchAndWait(std::move(request)));
  if (answer.status != 200) {
    return Error(ErrorCode::kUnavailable,
                 "the server of the keys answers " + std::to_string(answer.status));
  }
  Fetched fetched;
  NARTHEX_ASSIGN_OR_RETURN(fetched.keys, jwt::KeySet::ParseJwkSet(answer.body));
  fetched.lifetime_ms = options_.cache_ttl.count();
  if (const auto seconds = MaxAgeSeconds(answer.headers.Get("Cache-Control"))) {
    // Compared before it is multiplied: it may be any number.
    if (*seconds < fetched.lifetime_ms / 1000) {
      fetched.lifetime_ms = std::max<std::int64_t>(*seconds, 0) * 1000;
    }
  }
  return fetched;
}

}  // namespace narthex::dashapi
