#include "account_access.h"
#include "answers.h"
#include "authenticator.h"
#include "paging.h"
#include "people_answers.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::ApiToken;
using dashstore::Role;
using dashstore::ServiceAccount;

constexpr std::int64_t kTokenLifetimeMaxS = 100LL * 365 * 24 * 3600;

json::Value AccountObject(const ServiceAccount& account) {
  const dashstore::User& user = account.user;
  return Object({{"id", json::Value(user.id)},
                 {"uid", Text(user.uid)},
                 {"name", Text(user.name)},
                 {"login", Text(user.login)},
                 {"orgId", json::Value(account.org_id)},
                 {"isDisabled", json::Value(user.is_disabled)},
                 {"isExternal", json::Value(false)},
                 {"createdAt", Text(RfcTime(user.created))},
                 {"updatedAt", Text(RfcTime(user.updated))},
                 {"avatarUrl", Text(AvatarUrl(user.uid))},
                 {"role", Text(dashstore::RoleName(account.role))},
                 {"tokens", json::Value(account.token_count)},
                 {"teams", json::Value::MakeArray()}});
}

// Errors: as of FindAccount
Result<ServiceAccount> FindByPath(Context& context, const http::Request& request,
                                  const Caller& caller, Right needed = Right::kEdit) {
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t id, PathNumber(request, "id"));
  return FindAccount(context, caller, id, needed);
}

// Takes over what the body names. Errors: kInvalidArgument, kPermissionDenied
Status ReadFields(const json::Value& body, const Caller& caller, ServiceAccount& account) {
  if (const json::Value* name = body.Find("name"); name != nullptr && name->is_string()) {
    account.user.name = name->AsString();
  }
  if (const auto is_disabled = body["isDisabled"].AsBool()) {
    account.user.is_disabled = *is_disabled;
  }
  if (const json::Value* name = body.Find("role"); name != nullptr && name->is_string()) {
    const auto role = dashstore::ParseRole(name->AsString());
    if (!role) return Error(ErrorCode::kInvalidArgument, "invalid role specified");
    if (*role > caller.role) {
      return Error(ErrorCode::kPermissionDenied, "can not assign a role higher than user's role");
    }
    account.role = *role;
  }
  return Ok();
}

http::Response SaveErrorAnswer(const Error& error) {
  if (error.code() == ErrorCode::kAlreadyExists) return MessageAnswer(400, error.message());
  return ErrorAnswer(error);
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  ServiceAccount account;
  account.org_id = caller.org_id;
  if (const Status read = ReadFields(*body, caller, account); !read.ok()) {
    return ErrorAnswer(read.error());
  }
  const auto made = context.store.service_accounts().Create(account);
  if (!made.ok()) return SaveErrorAnswer(made.error());
  return JsonAnswer(AccountObject(*made), 201);
}

// Those that the caller may see.
// Errors: kPermissionDenied  not an administrator, and there are none
Result<std::vector<ServiceAccount>> FindAll(Context& context, const Caller& caller,
                                            std::string_view text) {
  NARTHEX_ASSIGN_OR_RETURN(const AccountAccess access, AccountAccess::Of(context, caller));
  // Whether somebody may ask at all does not hang on what is asked.
  NARTHEX_ASSIGN_OR_RETURN(const auto all,
                           context.store.service_accounts().Search(caller.org_id, ""));
  bool may_ask = caller.role >= Role::kAdmin;
  std::vector<ServiceAccount> accounts;
  for (const ServiceAccount& account : all) {
    NARTHEX_ASSIGN_OR_RETURN(const Right right, access.To(account));
    if (right < Right::kEdit) continue;
    may_ask = true;
    if (ContainsFold(account.user.name, text) || ContainsFold(account.user.login, text)) {
      accounts.push_back(account);
    }
  }
  if (!may_ask) return NoPermission();
  return accounts;
}

http::Response Search(Context& context, const http::Request& request, const Caller& caller) {
  auto accounts = FindAll(context, caller, request.query.Get("query"));
  if (!accounts.ok()) return ErrorAnswer(accounts.error());
  const bool wants_disabled = request.query.Get("disabled") == "true";
  if (wants_disabled) {
    std::erase_if(*accounts, [](const ServiceAccount& a) { return !a.user.is_disabled; });
  }
  const Paging paging = ReadPaging(request);
  const auto total = static_cast<std::int64_t>(accounts->size());
  json::Value list = json::Value::MakeArray();
  for (const ServiceAccount& account : PageOf(*std::move(accounts), paging)) {
    list.Append(AccountObject(account));
  }
  return JsonAnswer(Object({{"totalCount", json::Value(total)},
                            {"serviceAccounts", std::move(list)},
                            {"page", json::Value(paging.page)},
                            {"perPage", json::Value(paging.size)}}));
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto account = FindByPath(context, request, caller);
  return account.ok() ? JsonAnswer(AccountObject(*account)) : ErrorAnswer(account.error());
}

http::Response Update(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<ServiceAccount> account = FindByPath(context, request, caller);
  if (!account.ok()) return ErrorAnswer(account.error());
  if (const Status read = ReadFields(*body, caller, *account); !read.ok()) {
    return ErrorAnswer(read.error());
  }
  const Status updated = context.store.service_accounts().Update(*account);
  if (!updated.ok()) return SaveErrorAnswer(updated.error());
  return JsonAnswer(Object({{"message", Text("Service account updated")},
                            {"id", json::Value(account->user.id)},
                            {"name", Text(account->user.name)},
                            {"serviceaccount", AccountObject(*account)}}));
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto account = FindByPath(context, request, caller, Right::kAdmin);
  if (!account.ok()) return ErrorAnswer(account.error());
  const Status removed = context.store.service_accounts().Remove(caller.org_id, account->user.id);
  return removed.ok() ? MessageAnswer(200, "Service account deleted")
                      : ErrorAnswer(removed.error());
}

json::Value TokenObject(const ApiToken& token, TimestampMs now) {
  const bool has_end = token.expires != 0;
  const double left_s = has_end ? static_cast<double>(token.expires - now) / 1000 : 0;
  json::Value object = Object({{"id", json::Value(token.id)},
                               {"name", Text(token.name)},
                               {"created", Text(RfcTime(token.created))}});
  object.Set("lastUsedAt", token.seen == 0 ? json::Value() : Text(RfcTime(token.seen)));
  object.Set("expiration", has_end ? Text(RfcTime(token.expires)) : json::Value());
  object.Set("secondsUntilExpiration", json::Value(std::max(left_s, 0.0)));
  object.Set("hasExpired", json::Value(has_end && token.expires <= now));
  object.Set("isRevoked", json::Value(false));
  return object;
}

http::Response ListTokens(Context& context, const http::Request& request, const Caller& caller) {
  const auto account = FindByPath(context, request, caller);
  if (!account.ok()) return ErrorAnswer(account.error());
  const auto tokens = context.store.service_accounts().Tokens(account->user.id);
  if (!tokens.ok()) return ErrorAnswer(tokens.error());
  json::Value list = json::Value::MakeArray();
  for (const ApiToken& token : *tokens) list.Append(TokenObject(token, context.clock.Now()));
  return JsonAnswer(list);
}

http::Response AddToken(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto account = FindByPath(context, request, caller);
  if (!account.ok()) return ErrorAnswer(account.error());
  // A token is worth what its account is: nobody makes one above himself.
  if (account->role > caller.role) {
    return MessageAnswer(403, "can not make a token for a role higher than user's role");
  }
  const std::int64_t lifetime_s = (*body)["secondsToLive"].AsInt64().value_or(0);
  if (lifetime_s < 0 || lifetime_s > kTokenLifetimeMaxS) {
    return MessageAnswer(400,
                         "Number of seconds before expiration must be between 0 and 100 years");
  }
  const auto token = context.store.service_accounts().AddToken(
      account->user.id, (*body)["name"].AsString(), lifetime_s);
  if (!token.ok()) return ErrorAnswer(token.error());
  return JsonAnswer(Object({{"id", json::Value(token->id)},
                            {"name", Text((*body)["name"].AsString())},
                            {"key", Text(token->key)}}));
}

http::Response RemoveToken(Context& context, const http::Request& request, const Caller& caller) {
  const auto account = FindByPath(context, request, caller);
  if (!account.ok()) return ErrorAnswer(account.error());
  const auto token = PathNumber(request, "token");
  if (!token.ok()) return ErrorAnswer(token.error());
  const Status removed = context.store.service_accounts().RemoveToken(account->user.id, *token);
  return removed.ok() ? MessageAnswer(200, "Service account token deleted")
                      : ErrorAnswer(removed.error());
}

}  // namespace

void AddServiceAccountRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kPost, "/api/serviceaccounts", Role::kAdmin, Create},
      {Method::kGet, "/api/serviceaccounts/search", Role::kNone, Search},
      {Method::kGet, "/api/serviceaccounts/:id", Role::kNone, Get},
      {Method::kPatch, "/api/serviceaccounts/:id", Role::kNone, Update},
      {Method::kDelete, "/api/serviceaccounts/:id", Role::kNone, Remove},
      {Method::kGet, "/api/serviceaccounts/:id/tokens", Role::kNone, ListTokens},
      {Method::kPost, "/api/serviceaccounts/:id/tokens", Role::kNone, AddToken},
      {Method::kDelete, "/api/serviceaccounts/:id/tokens/:token", Role::kNone, RemoveToken},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
