#include "oauth.h"

#include "account_sync.h"
#include "dashstore/digest.h"
#include "dashstore/random.h"
#include "http/client.h"
#include "jmespath/expression.h"
#include "json/reader.h"

namespace narthex::dashapi {
namespace {

using dashstore::User;

constexpr std::string_view kProvider = "oauth_generic_oauth";
constexpr std::size_t kAnswerSizeMax = 1u << 20;
constexpr std::size_t kFieldSizeMax = 190;

Error Refused(std::string_view why) {
  return Error(ErrorCode::kUnauthenticated, "Login failed: " + std::string(why));
}

// Sends and reads a JSON object. Errors never quote the answer: it may hold secrets.
Result<json::Value> FetchObject(Context& context, http::ClientRequest request,
                                std::string_view what) {
  request.headers.Set("Accept", "application/json");
  request.body_size_bytes_max = kAnswerSizeMax;
  request.follows_redirects = false;
  auto answer = context.client.FetchAndWait(std::move(request));
  if (!answer.ok()) return std::move(answer).error().Under(std::string(what));
  if (answer->status >= 400 && answer->status < 500) return Refused(what);
  auto body = json::Parse(answer->body);
  if (answer->status != 200 || !body.ok() || !body->is_object()) {
    return Error(ErrorCode::kUnavailable, std::string(what) + " did not answer as it should");
  }
  return body;
}

std::string FirstOf(const json::Value& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const json::Value& value = object[name];
    if (value.is_number()) return std::string(value.number_text());
    if (!value.AsString().empty()) return std::string(value.AsString().substr(0, kFieldSizeMax));
  }
  return {};
}

// The role that the settings read out of the answer; empty if it is not there or none.
std::optional<dashstore::Role> RoleOf(const OAuthOptions& options, const json::Value& person) {
  if (options.role_attribute_path.empty()) return std::nullopt;
  const auto path = jmespath::Expression::Parse(options.role_attribute_path);
  if (!path.ok()) return std::nullopt;
  const auto role = path->Search(person);
  return role.ok() ? dashstore::ParseRole(role->AsString()) : std::nullopt;
}

// The account of that person; made if there is none and the options say so. An account that merely
// has the same address or login is not taken: anyone could claim it at the other service.
Result<User> AccountOf(const OAuthOptions& options, dashstore::Users& users,
                       const json::Value& person) {
  const std::string subject = FirstOf(person, {"sub", "id"});
  if (subject.empty()) return Refused("the service did not say who it is");
  NARTHEX_ASSIGN_OR_RETURN(auto known, users.FindByIdentity(kProvider, subject));
  if (known) {
    if (known->is_disabled) return Refused("the account is disabled");
    return *std::move(known);
  }
  if (!options.signs_up) return Refused("sign up is not allowed");
  dashstore::NewUser user;
  user.email = FirstOf(person, {"email", "upn"});
  user.login = FirstOf(person, {"preferred_username", "login", "username", "email", "sub"});
  user.name = FirstOf(person, {"name", "display_name"});
  user.role = RoleOf(options, person).value_or(options.role);
  auto made = MakeVouchedAccount(users, std::move(user), kProvider);
  if (made.code() == ErrorCode::kAlreadyExists) {
    return Refused("an account with that login or address exists already");
  }
  NARTHEX_TRY(made);
  NARTHEX_TRY(users.AddIdentity(made->id, kProvider, subject));
  return made;
}

}  // namespace

OAuth::Start OAuth::Begin(std::string_view redirect_url) {
  const std::string state = dashstore::RandomHex(16);
  Pending pending{dashstore::RandomHex(16), dashstore::RandomHex(32), clock_.Now() + kLifetimeMs};
  http::Parameters query;
  query.Add("response_type", "code");
  query.Add("client_id", options_.client_id);
  query.Add("redirect_uri", std::string(redirect_url));
  query.Add("scope", options_.scopes);
  query.Add("state", state);
  if (options_.uses_pkce) {
    query.Add("code_challenge", dashstore::Sha256Base64Url(pending.verifier));
    query.Add("code_challenge_method", "S256");
  }
  const char separator = options_.auth_url.find('?') == std::string::npos ? '?' : '&';
  Start start{options_.auth_url + separator + query.ToString(), pending.binding};
  const MutexLock lock(mutex_);
  std::erase_if(pending_,
                [now = clock_.Now()](const auto& entry) { return entry.second.expires <= now; });
  // Someone begins without end; those before him can begin again.
  if (pending_.size() >= kPendingCountMax) pending_.clear();
  pending_.emplace(state, std::move(pending));
  return start;
}

Result<std::string> OAuth::Take(const Returned& returned) {
  const MutexLock lock(mutex_);
  const auto found = pending_.find(returned.state);
  if (found == pending_.end()) return Refused("it was not begun here, or too long ago");
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  if (pending.expires <= clock_.Now() ||
      !http::EqualInConstantTime(pending.binding, returned.binding)) {
    return Refused("it was not begun by this browser, or too long ago");
  }
  return pending.verifier;
}

Result<User> OAuth::Finish(Context& context, const Returned& returned,
                           std::string_view redirect_url) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string verifier, Take(returned));
  if (returned.code.empty()) return Refused("the other service refused");
  http::Parameters form;
  form.Add("grant_type", "authorization_code");
  form.Add("code", std::string(returned.code));
  form.Add("redirect_uri", std::string(redirect_url));
  form.Add("client_id", options_.client_id);
  form.Add("client_secret", options_.client_secret);
  if (options_.uses_pkce) form.Add("code_verifier", verifier);
  http::ClientRequest exchange;
  exchange.method = "POST";
  exchange.url = options_.token_url;
  exchange.body = form.ToString();
  exchange.headers.Set("Content-Type", "application/x-www-form-urlencoded");
  NARTHEX_ASSIGN_OR_RETURN(const json::Value token,
                           FetchObject(context, std::move(exchange), "the token"));
  if (token["access_token"].AsString().empty()) return Refused("there was no token");

  http::ClientRequest question;
  question.url = options_.api_url;
  question.bearer_token = token["access_token"].AsString();
  NARTHEX_ASSIGN_OR_RETURN(const json::Value person,
                           FetchObject(context, std::move(question), "the user's data"));
  return AccountOf(options_, context.store.users(), person);
}

}  // namespace narthex::dashapi
