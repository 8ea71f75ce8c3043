#include "auth_proxy.h"

#include <algorithm>

#include "account_sync.h"

namespace narthex::dashapi {
namespace {

using dashstore::User;

constexpr std::size_t kNameSizeMax = 190;

Result<User> MakeUser(const AuthProxyOptions& options, dashstore::Store& store,
                      const http::Request& request, std::string_view name) {
  const auto header = [&](std::string_view property) -> std::string {
    const auto found = options.property_headers.find(property);
    return found == options.property_headers.end()
               ? std::string()
               : std::string(request.headers.Get(found->second));
  };
  dashstore::NewUser user;
  user.login = name;
  user.email = options.is_by_email ? std::string(name) : header("Email");
  user.name = header("Name");
  user.role = dashstore::ParseRole(header("Role")).value_or(options.role);
  return MakeVouchedAccount(store.users(), std::move(user), "auth_proxy");
}

}  // namespace

Result<std::optional<User>> ProxyUser(const AuthProxyOptions& options, dashstore::Store& store,
                                      const http::Request& request) {
  if (!options.is_enabled) return std::optional<User>();
  const std::string_view name = request.headers.Get(options.header_name);
  if (name.empty()) return std::optional<User>();
  const auto& trusted = options.trusted_addresses;
  if (!trusted.empty() &&
      std::find(trusted.begin(), trusted.end(), request.remote_address) == trusted.end()) {
    return Error(ErrorCode::kUnauthenticated, "Request from unlisted proxy address");
  }
  if (name.size() > kNameSizeMax) return Error(ErrorCode::kUnauthenticated, "Unauthorized");
  NARTHEX_ASSIGN_OR_RETURN(auto user, store.users().FindByLogin(name));
  if (user) return user;
  if (!options.signs_up) return Error(ErrorCode::kUnauthenticated, "Unauthorized");
  NARTHEX_ASSIGN_OR_RETURN(User made, MakeUser(options, store, request, name));
  return std::optional(std::move(made));
}

}  // namespace narthex::dashapi
