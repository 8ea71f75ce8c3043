#include "jwt_sign_in.h"

#include <fmt/format.h>

#include <algorithm>

#include "account_sync.h"
#include "base/log.h"
#include "jwt/token.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kProvider = "jwt";
constexpr std::string_view kServerAdminRole = "GrafanaAdmin";
// As of other ways to sign in.
constexpr std::size_t kNameSizeMax = 190;

Error Refused(std::string_view message) {
  return Error(ErrorCode::kUnauthenticated, std::string(message));
}
Error NotVerified() { return Refused("Failed to verify JWT"); }
Error MissingClaim() { return Refused("Missing mandatory claim in JWT"); }

Status ReadPath(std::string_view key, const std::string& text,
                std::optional<jmespath::Expression>& path) {
  if (text.empty()) return Ok();
  auto read = jmespath::Expression::Parse(text);
  if (!read.ok()) return std::move(read).error().Under(key);
  path = *std::move(read);
  return Ok();
}

std::string TokenOf(const JwtOptions& options, const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  std::string_view token = request.headers.Get(options.header_name);
  if (token.empty() && options.takes_url_token) {
    token = request.query.Get(JwtSignIn::kUrlParameter);
  }
  if (token.starts_with(kBearer)) token.remove_prefix(kBearer.size());
  return std::string(token);
}

// The claim by its name or by the path; empty if neither is set or it is no text.
Result<std::string> TextOf(const json::Value& claims, const std::string& name,
                           const std::optional<jmespath::Expression>& path) {
  if (!name.empty()) return std::string(claims[name].AsString());
  if (!path) return std::string();
  const auto found = path->Search(claims);
  if (!found.ok()) return MissingClaim();
  return std::string(found->AsString());
}

// Names that are only shown are cut; one that says who somebody is must be whole.
std::string Shortened(std::string_view text) {
  std::size_t size = std::min(text.size(), kNameSizeMax);
  // Not in the middle of a character.
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;
  return std::string(text.substr(0, size));
}

}  // namespace

Result<std::unique_ptr<JwtSignIn>> JwtSignIn::Make(const JwtOptions& options, http::Client& client,
                                                   dashstore::Store& store, Clock& clock) {
  std::unique_ptr<JwtSignIn> sign_in(new JwtSignIn(options, store, clock));
  NARTHEX_ASSIGN_OR_RETURN(sign_in->keys_, JwtKeys::Make(options, client, clock));
  NARTHEX_TRY(sign_in->ReadSettings());
  return sign_in;
}

Status JwtSignIn::ReadSettings() {
  if (options_.header_name.empty()) {
    return Error(ErrorCode::kInvalidArgument, "header_name must be set");
  }
  auto rules = jwt::ClaimRules::Parse(options_.expected_claims);
  if (!rules.ok()) return std::move(rules).error().Under("expect_claims");
  rules_ = *std::move(rules);
  NARTHEX_TRY(
      ReadPath("username_attribute_path", options_.username_attribute_path, username_path_));
  NARTHEX_TRY(ReadPath("email_attribute_path", options_.email_attribute_path, email_path_));
  NARTHEX_TRY(ReadPath("role_attribute_path", options_.role_attribute_path, role_path_));
  NARTHEX_TRY(ReadPath("org_attribute_path", options_.org_attribute_path, org_path_));
  auto mapping = ParseOrgMapping(options_.org_mapping);
  if (!mapping.ok()) return std::move(mapping).error().Under("org_mapping");
  org_mapping_ = *std::move(mapping);
  return Ok();
}

Result<std::optional<JwtSignIn::SignedIn>> JwtSignIn::Identify(const http::Request& request) {
  const std::string text = TokenOf(options_, request);
  if (text.empty()) return std::optional<SignedIn>();
  // What is no token of a person may be something else: the header may be `Authorization`.
  const auto token = jwt::ParseToken(text);
  if (!token.ok() || token->claims["sub"].AsString().empty()) return std::optional<SignedIn>();
  if (const Status believed = Believe(*token); !believed.ok()) {
    LogWarn("audit", "sign-in refused",
            {{"way", "jwt"},
             {"address", request.remote_address},
             {"reason", believed.error().message()}});
    return NotVerified();
  }
  NARTHEX_ASSIGN_OR_RETURN(const VouchedPerson person, PersonOf(token->claims));
  SignedIn signed_in;
  NARTHEX_ASSIGN_OR_RETURN(signed_in.user, SyncAccount(store_, person));
  if (const auto expiry = jwt::ExpiryOf(token->claims)) {
    signed_in.valid_until = *expiry + jwt::ClaimRules::kClockDifferenceMs;
  }
  return std::optional(std::move(signed_in));
}

Status JwtSignIn::Believe(const jwt::Token& token) {
  NARTHEX_ASSIGN_OR_RETURN(const jwt::KeySet keys, keys_->Get());
  NARTHEX_TRY(keys.Verify(token));
  return rules_.Check(token.claims, clock_.Now());
}

Result<VouchedPerson> JwtSignIn::PersonOf(const json::Value& claims) {
  VouchedPerson person{std::string(kProvider), std::string(claims["sub"].AsString())};
  NARTHEX_ASSIGN_OR_RETURN(person.login, TextOf(claims, options_.username_claim, username_path_));
  NARTHEX_ASSIGN_OR_RETURN(person.email, TextOf(claims, options_.email_claim, email_path_));
  person.name = Shortened(claims["name"].AsString());
  person.signs_up = options_.signs_up;
  person.default_role = options_.role;
  if (!options_.keeps_roles) NARTHEX_TRY(TellRoles(claims, person));
  const bool is_nobody = person.login.empty() && person.email.empty();
  if (is_nobody || person.subject.size() > kNameSizeMax || person.login.size() > kNameSizeMax ||
      person.email.size() > kNameSizeMax) {
    return MissingClaim();
  }
  return person;
}

Status JwtSignIn::TellRoles(const json::Value& claims, VouchedPerson& person) {
  RoleTold told;
  told.is_strict = options_.is_role_strict;
  told.default_role = options_.role;
  bool is_server_admin = false;
  if (role_path_) {
    // An expression that does not fit the claims tells nothing.
    const auto found = role_path_->Search(claims);
    const std::string_view name = found.ok() ? found->AsString() : std::string_view();
    is_server_admin = name == kServerAdminRole;
    told.role = is_server_admin ? dashstore::Role::kAdmin : dashstore::ParseRole(name);
  }
  if (options_.allows_server_admin) person.is_server_admin = is_server_admin;
  if (org_path_) {
    const auto found = org_path_->Search(claims);
    if (!found.ok()) return NotVerified();
    for (const json::Value& org : found->items()) {
      if (org.is_string()) told.external_orgs.emplace_back(org.AsString());
    }
  }
  NARTHEX_ASSIGN_OR_RETURN(person.roles, MapRoles(store_, org_mapping_, told));
  if (options_.is_role_strict && person.roles.empty()) {
    return Error(ErrorCode::kPermissionDenied, "Invalid Role in claim");
  }
  return Ok();
}

std::string WithoutUrlToken(const JwtOptions& options, std::string_view target) {
  const std::size_t mark = target.find('?');
  if (!options.is_enabled || !options.takes_url_token || mark == std::string_view::npos) {
    return std::string(target);
  }
  std::string kept(target.substr(0, mark));
  std::string_view query = target.substr(mark + 1);
  char separator = '?';
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::string name = http::UrlDecode(parameter.substr(0, parameter.find('=')));
    if (name == JwtSignIn::kUrlParameter) continue;
    kept += separator;
    kept += parameter;
    separator = '&';
  }
  return kept;
}

}  // namespace narthex::dashapi
