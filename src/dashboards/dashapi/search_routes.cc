#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "dashboard_answers.h"
#include "json/writer.h"
#include "paging.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;

struct SearchRequest {
  dashstore::DashboardSearch search;
  Paging paging;
  Right needed = Right::kView;
  bool wants_folders = true;
  bool wants_dashboards = true;
};

// A list as clients write it: the parameter again and again, or once with commas, which no uid has.
std::vector<std::string_view> ListOf(const http::Parameters& query, std::string_view name) {
  std::vector<std::string_view> items;
  for (std::string_view text : query.GetAll(name)) {
    for (std::size_t comma = text.find(','); comma != text.npos; comma = text.find(',')) {
      items.push_back(text.substr(0, comma));
      text.remove_prefix(comma + 1);
    }
    items.push_back(text);
  }
  return items;
}

// Folders by the numbers that older clients know them by; 0 is the root.
Status AddFolderIds(Context& context, const Caller& caller, const http::Parameters& query,
                    dashstore::DashboardSearch& search) {
  for (const std::string_view text : ListOf(query, "folderIds")) {
    if (!search.folder_uids) search.folder_uids.emplace();
    const std::int64_t id = ParseInt64(text).value_or(-1);
    if (id == 0) search.folder_uids->emplace_back();
    if (id <= 0) continue;
    NARTHEX_ASSIGN_OR_RETURN(const auto folder,
                             context.store.folders().FindById(caller.org_id, id));
    if (folder) search.folder_uids->push_back(folder->uid);
  }
  return Ok();
}

Result<SearchRequest> ReadSearch(Context& context, const http::Request& request,
                                 const Caller& caller) {
  const http::Parameters& query = request.query;
  SearchRequest wanted;
  dashstore::DashboardSearch& search = wanted.search;
  search.org_id = caller.org_id;
  search.user_id = caller.user.id;
  search.text = query.Get("query");
  for (const std::string_view tag : query.GetAll("tag")) search.tags.emplace_back(tag);
  // The second is what clients of Grafana 9 send.
  for (const std::string_view name : {"dashboardUIDs", "dashboardUID"}) {
    for (const std::string_view uid : ListOf(query, name)) search.uids.emplace_back(uid);
  }
  for (const std::string_view id : ListOf(query, "dashboardIds")) {
    search.ids.push_back(ParseInt64(id).value_or(0));
  }
  for (const std::string_view uid : ListOf(query, "folderUIDs")) {
    if (!search.folder_uids) search.folder_uids.emplace();
    search.folder_uids->emplace_back(uid == "general" ? std::string_view() : uid);
  }
  NARTHEX_TRY(AddFolderIds(context, caller, query, search));
  search.is_starred_only = query.Get("starred") == "true";
  search.is_descending = query.Get("sort") == "alpha-desc";
  wanted.paging = ReadPaging(request);
  if (query.Get("permission") == "Edit") wanted.needed = Right::kEdit;

  const std::string_view type = query.Get("type");
  // What is deleted is gone, so nothing of it can be found.
  const bool is_of_deleted = query.Get("deleted") == "true";
  wanted.wants_dashboards = (type.empty() || type == "dash-db") && !is_of_deleted;
  // Folders have no tags, stars or dashboard uids.
  wanted.wants_folders = (type.empty() || type == "dash-folder") && search.tags.empty() &&
                         !search.is_starred_only && search.uids.empty() && search.ids.empty() &&
                         !is_of_deleted;
  return wanted;
}

void WriteFolder(const Context& context, json::Writer& writer, const dashstore::Folder& folder) {
  const std::string slug = dashboard::Slug(folder.title);
  writer.BeginObject();
  Field(writer, "id", folder.id);
  Field(writer, "uid", std::string_view(folder.uid));
  Field(writer, "title", std::string_view(folder.title));
  Field(writer, "uri", std::string_view("db/" + slug));
  Field(writer, "url", std::string_view(FolderUrl(context, folder.uid, folder.title)));
  Field(writer, "slug", "");
  Field(writer, "type", "dash-folder");
  writer.Key("tags");
  writer.BeginArray();
  writer.EndArray();
  Field(writer, "isStarred", false);
  if (!folder.parent_uid.empty()) Field(writer, "folderUid", std::string_view(folder.parent_uid));
  Field(writer, "sortMeta", std::int64_t{0});
  writer.EndObject();
}

void WriteDashboard(const Context& context, json::Writer& writer,
                    const dashstore::DashboardRecord& record) {
  writer.BeginObject();
  Field(writer, "id", record.id);
  Field(writer, "uid", std::string_view(record.uid));
  Field(writer, "title", std::string_view(record.title));
  Field(writer, "uri", std::string_view("db/" + record.slug));
  Field(writer, "url", std::string_view(DashboardUrl(context, record)));
  Field(writer, "slug", "");
  Field(writer, "type", "dash-db");
  writer.Key("tags");
  writer.BeginArray();
  for (const std::string& tag : record.tags) writer.String(tag);
  writer.EndArray();
  Field(writer, "isStarred", record.is_starred);
  if (!record.folder_uid.empty()) {
    Field(writer, "folderUid", std::string_view(record.folder_uid));
    Field(writer, "folderTitle", std::string_view(record.folder_title));
    Field(writer, "folderUrl",
          std::string_view(FolderUrl(context, record.folder_uid, record.folder_title)));
  }
  Field(writer, "sortMeta", std::int64_t{0});
  writer.EndObject();
}

bool FolderFits(const dashstore::Folder& folder, const dashstore::DashboardSearch& search) {
  if (!ContainsFold(folder.title, search.text)) return false;
  if (!search.folder_uids) return true;
  const auto& uids = *search.folder_uids;
  return std::find(uids.begin(), uids.end(), folder.parent_uid) != uids.end();
}

Result<std::vector<dashstore::Folder>> FindFolders(Context& context, const SearchRequest& wanted,
                                                   const Access& access) {
  if (!wanted.wants_folders) return std::vector<dashstore::Folder>();
  NARTHEX_ASSIGN_OR_RETURN(auto folders,
                           context.store.folders().List(wanted.search.org_id, std::nullopt));
  std::erase_if(folders, [&](const dashstore::Folder& folder) {
    return !FolderFits(folder, wanted.search) || access.ToFolder(folder.uid) < wanted.needed;
  });
  if (wanted.search.is_descending) std::reverse(folders.begin(), folders.end());
  return folders;
}

// Those dashboards that the caller has the right to, `limit` of them from `offset` on.
Result<std::vector<dashstore::DashboardRecord>> FindDashboards(Context& context,
                                                               const SearchRequest& wanted,
                                                               const Access& access, Slice slice) {
  if (!wanted.wants_dashboards || slice.limit == 0) {
    return std::vector<dashstore::DashboardRecord>();
  }
  dashstore::DashboardSearch search = wanted.search;
  const bool is_filtered = !access.is_uniform() || access.ToDashboard("", "") < wanted.needed;
  search.limit = is_filtered ? -1 : slice.limit;
  search.offset = is_filtered ? 0 : slice.offset;
  NARTHEX_ASSIGN_OR_RETURN(auto records, context.store.dashboards().Search(search));
  if (!is_filtered) return records;
  std::erase_if(records, [&](const dashstore::DashboardRecord& record) {
    return access.ToDashboard(record.uid, record.folder_uid) < wanted.needed;
  });
  return SliceOf(std::move(records), slice);
}

// Folders, then dashboards, as one list that is cut into pages.
http::Response Search(Context& context, const http::Request& request, const Caller& caller) {
  const auto read = ReadSearch(context, request, caller);
  if (!read.ok()) return ErrorAnswer(read.error());
  const SearchRequest& wanted = *read;
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  const Slice page{wanted.paging.offset(), wanted.paging.size};
  auto folders = FindFolders(context, wanted, *access);
  if (!folders.ok()) return ErrorAnswer(folders.error());
  const auto folder_count = static_cast<std::int64_t>(folders->size());
  const auto shown = SliceOf(*std::move(folders), page);
  const auto records = FindDashboards(context, wanted, *access,
                                      {std::max(page.offset - folder_count, std::int64_t{0}),
                                       page.limit - static_cast<std::int64_t>(shown.size())});
  if (!records.ok()) return ErrorAnswer(records.error());

  std::string answer;
  json::Writer writer(answer);
  writer.BeginArray();
  for (const dashstore::Folder& folder : shown) WriteFolder(context, writer, folder);
  for (const dashstore::DashboardRecord& record : *records) {
    WriteDashboard(context, writer, record);
  }
  writer.EndArray();
  return http::Response::Json(200, std::move(answer));
}

// By tag, the dashboards that the caller may see.
Result<std::map<std::string, std::int64_t>> CountTags(Context& context, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  std::map<std::string, std::int64_t> counts;
  if (access.is_uniform()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto tags, context.store.dashboards().Tags(caller.org_id));
    for (const auto& tag : tags) counts[tag.tag] = tag.count;
    return counts;
  }
  dashstore::DashboardSearch all;
  all.org_id = caller.org_id;
  all.limit = -1;
  NARTHEX_ASSIGN_OR_RETURN(const auto records, context.store.dashboards().Search(all));
  for (const auto& record : records) {
    if (access.ToDashboard(record.uid, record.folder_uid) < Right::kView) continue;
    for (const std::string& tag : record.tags) ++counts[tag];
  }
  return counts;
}

http::Response Tags(Context& context, const Caller& caller) {
  const auto counts = CountTags(context, caller);
  if (!counts.ok()) return ErrorAnswer(counts.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& [tag, count] : *counts) {
    list.Append(Object({{"term", Text(tag)}, {"count", json::Value(count)}}));
  }
  return JsonAnswer(list);
}

// The uids of what the caller has starred, by title.
http::Response Stars(Context& context, const http::Request&, const Caller& caller) {
  dashstore::DashboardSearch search;
  search.org_id = caller.org_id;
  search.user_id = caller.user.id;
  search.is_starred_only = true;
  search.limit = -1;
  const auto records = context.store.dashboards().Search(search);
  if (!records.ok()) return ErrorAnswer(records.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  json::Value list = json::Value::MakeArray();
  for (const dashstore::DashboardRecord& record : *records) {
    if (access->ToDashboard(record.uid, record.folder_uid) < Right::kView) continue;
    list.Append(Text(record.uid));
  }
  return JsonAnswer(list);
}

http::Response Sorting() {
  json::Value options = json::Value::MakeArray();
  options.Append(
      Object({{"name", Text("alpha-asc")},
              {"displayName", Text("Alphabetically (A–Z)")},
              {"description", Text("Sort results in an alphabetically ascending order")}}));
  options.Append(
      Object({{"name", Text("alpha-desc")},
              {"displayName", Text("Alphabetically (Z–A)")},
              {"description", Text("Sort results in an alphabetically descending order")}}));
  return JsonAnswer(Object({{"sortOptions", std::move(options)}}));
}

}  // namespace

void AddSearchRoutes(http::Router& router, Context& context) {
  const GuardedRoute stars[] = {
      {http::Method::kGet, "/api/user/stars", Role::kNone, Stars, Guard::kUser}};
  AddGuardedRoutes(router, context, stars);
  router.Get("/api/search",
             RequireRole(context, Role::kViewer,
                         [&context](const http::Request& request, const Caller& caller) {
                           return Search(context, request, caller);
                         }));
  router.Get("/api/search/sorting",
             RequireRole(context, Role::kViewer,
                         [](const http::Request&, const Caller&) { return Sorting(); }));
  router.Get(
      "/api/dashboards/tags",
      RequireRole(context, Role::kViewer, [&context](const http::Request&, const Caller& caller) {
        return Tags(context, caller);
      }));
}

}  // namespace narthex::dashapi
