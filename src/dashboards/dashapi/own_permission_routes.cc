#include <fmt/format.h>

#include <map>

#include "access.h"
#include "account_access.h"
#include "answers.h"
#include "authenticator.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;

// What a caller may do, in the words of Grafana's role based access control: action -> scopes.
using Scopes = std::vector<std::string>;
using Granted = std::map<std::string, Scopes, std::less<>>;

struct Grant {
  std::string_view action;
  std::string_view scope;  // empty: the action knows no scope
};

// By the role in the organisation; what a role has, those above it have too.
constexpr Grant kViewerGrants[] = {
    {"orgs:read", ""},
    {"datasources:query", "datasources:*"},
    {"annotations:read", "annotations:type:organization"},
};
// Of whoever has an account.
constexpr Grant kAccountGrants[] = {
    {"snapshots:create", ""}, {"snapshots:read", ""}, {"snapshots:delete", ""}};
constexpr Grant kEditorGrants[] = {
    {"annotations:create", "annotations:type:organization"},
    {"annotations:write", "annotations:type:organization"},
    {"annotations:delete", "annotations:type:organization"},
    {"datasources:explore", ""},
};
constexpr Grant kAdminGrants[] = {
    {"datasources:read", "datasources:*"},
    {"datasources:create", ""},
    {"datasources:write", "datasources:*"},
    {"datasources:delete", "datasources:*"},
    {"orgs:write", ""},
    {"orgs.preferences:read", ""},
    {"orgs.preferences:write", ""},
    {"org.users:read", "users:*"},
    {"org.users:add", "users:*"},
    {"org.users:write", "users:*"},
    {"org.users:remove", "users:*"},
    {"teams:create", ""},
    {"teams:read", "teams:*"},
    {"teams:write", "teams:*"},
    {"teams:delete", "teams:*"},
    {"teams.permissions:read", "teams:*"},
    {"teams.permissions:write", "teams:*"},
    {"serviceaccounts:create", ""},
    {"serviceaccounts:read", "serviceaccounts:*"},
    {"serviceaccounts:write", "serviceaccounts:*"},
    {"serviceaccounts:delete", "serviceaccounts:*"},
    {"serviceaccounts.permissions:read", "serviceaccounts:*"},
    {"serviceaccounts.permissions:write", "serviceaccounts:*"},
};
constexpr Grant kServerGrants[] = {
    {"users:create", ""},
    {"users:read", "global.users:*"},
    {"users:write", "global.users:*"},
    {"users:delete", "global.users:*"},
    {"users:enable", "global.users:*"},
    {"users:disable", "global.users:*"},
    {"users:logout", "global.users:*"},
    {"users.password:write", "global.users:*"},
    {"users.permissions:write", "global.users:*"},
    {"users.authtoken:read", "global.users:*"},
    {"users.authtoken:write", "global.users:*"},
    {"orgs:create", ""},
    {"orgs:delete", ""},
    {"settings:read", "settings:*"},
    {"server.stats:read", ""},
    {"provisioning:reload", "provisioners:*"},
};

void Add(Granted& granted, std::span<const Grant> grants) {
  for (const Grant& grant : grants) {
    Scopes& scopes = granted[std::string(grant.action)];
    if (!grant.scope.empty()) scopes.emplace_back(grant.scope);
  }
}

// What a right to a folder or to a dashboard lets do with it.
constexpr std::pair<Right, std::string_view> kFolderActions[] = {
    {Right::kView, "folders:read"},
    {Right::kView, "library.panels:read"},
    {Right::kEdit, "folders:create"},
    {Right::kEdit, "folders:write"},
    {Right::kEdit, "folders:delete"},
    {Right::kEdit, "dashboards:create"},
    {Right::kEdit, "library.panels:create"},
    {Right::kEdit, "library.panels:write"},
    {Right::kEdit, "library.panels:delete"},
    {Right::kAdmin, "folders.permissions:read"},
    {Right::kAdmin, "folders.permissions:write"},
};
constexpr std::pair<Right, std::string_view> kDashboardActions[] = {
    {Right::kView, "dashboards:read"},
    {Right::kView, "annotations:read"},
    {Right::kEdit, "dashboards:write"},
    {Right::kEdit, "dashboards:delete"},
    {Right::kEdit, "dashboards.public:write"},
    {Right::kEdit, "annotations:create"},
    {Right::kEdit, "annotations:write"},
    {Right::kEdit, "annotations:delete"},
    {Right::kAdmin, "dashboards.permissions:read"},
    {Right::kAdmin, "dashboards.permissions:write"},
};

void Add(Granted& granted, std::span<const std::pair<Right, std::string_view>> actions, Right right,
         const std::string& scope) {
  for (const auto& [needed, action] : actions) {
    if (right >= needed) granted[std::string(action)].push_back(scope);
  }
}

// Where lists of permissions stand, each folder and dashboard is named: a list may also take away
// what the role gives.
Status AddDocuments(Context& context, const Caller& caller, Granted& granted) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  if (access.is_uniform()) {
    Add(granted, kFolderActions, access.ToFolder(""), "folders:*");
    Add(granted, kDashboardActions, access.ToDashboard("", ""), "dashboards:*");
    return Ok();
  }
  Add(granted, kFolderActions, access.ToFolder(""), "folders:uid:general");
  NARTHEX_ASSIGN_OR_RETURN(const auto folders,
                           context.store.folders().List(caller.org_id, std::nullopt));
  for (const dashstore::Folder& folder : folders) {
    Add(granted, kFolderActions, access.ToFolder(folder.uid),
        fmt::format("folders:uid:{}", folder.uid));
  }
  dashstore::DashboardSearch all;
  all.org_id = caller.org_id;
  all.limit = -1;
  NARTHEX_ASSIGN_OR_RETURN(const auto records, context.store.dashboards().Search(all));
  for (const dashstore::DashboardRecord& record : records) {
    Add(granted, kDashboardActions, access.ToDashboard(record.uid, record.folder_uid),
        fmt::format("dashboards:uid:{}", record.uid));
  }
  return Ok();
}

// What one is given with a part in a team, or on a service account.
Status AddOwnTeamsAndAccounts(Context& context, const Caller& caller, Granted& granted) {
  if (caller.role >= Role::kAdmin || caller.is_anonymous()) return Ok();
  const auto add = [&granted](std::initializer_list<std::string_view> actions, std::string scope) {
    for (const std::string_view action : actions) granted[std::string(action)].push_back(scope);
  };
  NARTHEX_ASSIGN_OR_RETURN(const auto ids,
                           context.store.teams().IdsOf(caller.org_id, caller.user.id));
  for (const std::int64_t id : ids) {
    const std::string scope = fmt::format("teams:id:{}", id);
    add({"teams:read"}, scope);
    if (FindTeam(context, caller, std::to_string(id), dashstore::TeamPart::kAdmin).ok()) {
      add({"teams:delete", "teams:write", "teams.permissions:read", "teams.permissions:write"},
          scope);
    }
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto accounts,
                           context.store.service_accounts().Search(caller.org_id, ""));
  NARTHEX_ASSIGN_OR_RETURN(const AccountAccess access, AccountAccess::Of(context, caller));
  for (const dashstore::ServiceAccount& account : accounts) {
    NARTHEX_ASSIGN_OR_RETURN(const Right right, access.To(account));
    const std::string scope = fmt::format("serviceaccounts:id:{}", account.user.id);
    if (right >= Right::kEdit) add({"serviceaccounts:read", "serviceaccounts:write"}, scope);
    if (right >= Right::kAdmin) {
      add({"serviceaccounts:delete", "serviceaccounts.permissions:read",
           "serviceaccounts.permissions:write"},
          scope);
    }
  }
  return Ok();
}

Result<Granted> GrantedTo(Context& context, const Caller& caller) {
  Granted granted;
  if (caller.role >= Role::kViewer) Add(granted, kViewerGrants);
  if (caller.role >= Role::kViewer && !caller.is_anonymous()) Add(granted, kAccountGrants);
  if (caller.role >= Role::kEditor) Add(granted, kEditorGrants);
  if (caller.role >= Role::kAdmin) Add(granted, kAdminGrants);
  if (caller.user.is_server_admin) Add(granted, kServerGrants);
  NARTHEX_TRY(AddOwnTeamsAndAccounts(context, caller, granted));
  NARTHEX_TRY(AddDocuments(context, caller, granted));
  return granted;
}

http::Response Permissions(Context& context, const http::Request&, const Caller& caller) {
  const auto granted = GrantedTo(context, caller);
  if (!granted.ok()) return ErrorAnswer(granted.error());
  json::Value object = json::Value::MakeObject();
  for (const auto& [action, scopes] : *granted) {
    json::Value list = json::Value::MakeArray();
    for (const std::string& scope : scopes) list.Append(Text(scope));
    // As Grafana says "without a scope".
    if (scopes.empty()) list.Append(Text(""));
    object.Set(action, std::move(list));
  }
  return JsonAnswer(object);
}

http::Response ListActions(Context& context, const http::Request&, const Caller& caller) {
  const auto granted = GrantedTo(context, caller);
  if (!granted.ok()) return ErrorAnswer(granted.error());
  json::Value object = json::Value::MakeObject();
  for (const auto& [action, scopes] : *granted) object.Set(action, json::Value(true));
  return JsonAnswer(object);
}

}  // namespace

// What the caller may do, for programs that ask before they try. The routes themselves look at
// roles and lists of permissions.
void AddOwnPermissionRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/access-control/user/permissions", Role::kNone, Permissions},
      {Method::kGet, "/api/access-control/user/actions", Role::kNone, ListActions},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
