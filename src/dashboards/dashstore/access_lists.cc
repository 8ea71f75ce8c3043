#include "dashstore/access_lists.h"

#include "database.h"
#include "json/reader.h"

namespace narthex::dashstore {
namespace {

std::string_view KindName(AccessKind kind) {
  if (kind == AccessKind::kServiceAccount) return "service-account";
  return kind == AccessKind::kFolder ? "folder" : "dashboard";
}

Right RightOf(std::int64_t number) {
  return number == 1   ? Right::kView
         : number == 2 ? Right::kEdit
         : number == 4 ? Right::kAdmin
                       : Right::kNone;
}

std::string EntriesText(const std::vector<AccessEntry>& entries) {
  json::Value list = json::Value::MakeArray();
  for (const AccessEntry& entry : entries) {
    json::Value one = json::Value::MakeObject();
    if (entry.team_id != 0) {
      one.Set("teamId", json::Value(entry.team_id));
    } else if (entry.user_id != 0) {
      one.Set("userId", json::Value(entry.user_id));
    } else {
      one.Set("role", json::Value(RoleName(entry.role)));
    }
    one.Set("permission", json::Value(static_cast<int>(entry.right)));
    list.Append(std::move(one));
  }
  return json::Print(list);
}

Result<std::vector<AccessEntry>> ReadEntries(std::string_view text) {
  Result<json::Value> list = json::Parse(text);
  if (!list.ok()) {
    return Error(ErrorCode::kCorruption, "a list of permissions in the database is damaged");
  }
  std::vector<AccessEntry> entries;
  for (const json::Value& one : list->items()) {
    AccessEntry entry;
    entry.team_id = one["teamId"].AsInt64().value_or(0);
    entry.user_id = one["userId"].AsInt64().value_or(0);
    entry.role = ParseRole(one["role"].AsString()).value_or(Role::kNone);
    entry.right = RightOf(one["permission"].AsInt64().value_or(0));
    entries.push_back(entry);
  }
  return entries;
}

struct StoredList {
  AccessKind kind = AccessKind::kDashboard;
  std::string uid;
  std::string entries;
};

}  // namespace

Result<std::vector<AccessList>> AccessLists::All(std::int64_t org_id) const {
  NARTHEX_ASSIGN_OR_RETURN(const auto stored, database_.Read([&](Connection& connection) {
    return connection.All<StoredList>(
        "SELECT kind, uid, entries FROM access_list"
        " WHERE org_id = ?1 AND kind IN ('dashboard', 'folder')",
        {org_id}, [](const Rows& row) {
          const AccessKind kind =
              row.Text(0) == "folder" ? AccessKind::kFolder : AccessKind::kDashboard;
          return StoredList{kind, row.Text(1), row.Text(2)};
        });
  }));
  std::vector<AccessList> lists;
  for (const StoredList& list : stored) {
    NARTHEX_ASSIGN_OR_RETURN(auto entries, ReadEntries(list.entries));
    lists.push_back({list.kind, list.uid, std::move(entries)});
  }
  return lists;
}

Result<std::optional<std::vector<AccessEntry>>> AccessLists::Find(std::int64_t org_id,
                                                                  AccessKind kind,
                                                                  std::string_view uid) const {
  NARTHEX_ASSIGN_OR_RETURN(const auto text, database_.Read([&](Connection& connection) {
    return connection.One<std::string>(
        "SELECT entries FROM access_list WHERE org_id = ?1 AND kind = ?2 AND uid = ?3",
        {org_id, KindName(kind), uid}, [](const Rows& row) { return row.Text(0); });
  }));
  if (!text) return std::optional<std::vector<AccessEntry>>();
  NARTHEX_ASSIGN_OR_RETURN(auto entries, ReadEntries(*text));
  return std::optional(std::move(entries));
}

Status AccessLists::Set(std::int64_t org_id, const AccessList& list) {
  const std::string text = EntriesText(list.entries);
  return database_.Write([&](Connection& connection) {
    return connection.Run(
        "INSERT INTO access_list (org_id, kind, uid, entries) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (org_id, kind, uid) DO UPDATE SET entries = excluded.entries",
        {org_id, KindName(list.kind), list.uid, text});
  });
}

}  // namespace narthex::dashstore
