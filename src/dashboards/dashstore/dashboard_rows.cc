#include "dashboard_rows.h"

#include <fmt/format.h>

#include "json/reader.h"

namespace narthex::dashstore {
namespace {

const std::string kSelect =
    "SELECT d.id, d.org_id, d.uid, d.title, d.slug, d.folder_uid, folder.title, d.tags, d.version,"
    " d.schema_version, d.panel_count, d.created, d.updated, d.created_by, d.updated_by,"
    " p.provider, p.path, p.checksum, p.allows_ui_updates, {} AS is_starred"
    " FROM dashboard d"
    " LEFT JOIN folder ON folder.org_id = d.org_id AND folder.uid = d.folder_uid"
    " LEFT JOIN provisioned_dashboard p ON p.dashboard_id = d.id ";

std::vector<std::string> ReadTags(const std::string& text) {
  std::vector<std::string> tags;
  if (text == "[]") return tags;
  const auto parsed = json::Parse(text);
  if (!parsed.ok()) return tags;
  for (const json::Value& tag : parsed->items()) tags.emplace_back(tag.AsString());
  return tags;
}

DashboardRecord ReadDashboard(const Rows& row) {
  DashboardRecord record;
  record.id = row.Int(0);
  record.org_id = row.Int(1);
  record.uid = row.Text(2);
  record.title = row.Text(3);
  record.slug = row.Text(4);
  record.folder_uid = row.Text(5);
  record.folder_title = row.Text(6);
  record.tags = ReadTags(row.Text(7));
  record.version = row.Int(8);
  record.schema_version = row.Int(9);
  record.panel_count = row.Int(10);
  record.created = row.Int(11);
  record.updated = row.Int(12);
  record.created_by = row.Text(13);
  record.updated_by = row.Text(14);
  if (!row.IsNull(15)) {
    record.provisioned = ProvisionedFrom{row.Text(15), row.Text(16), row.Text(17), row.Flag(18)};
  }
  record.is_starred = row.Flag(19);
  return record;
}

std::string Selected(const DashboardQuery& query) {
  return fmt::format(fmt::runtime(kSelect), "0") + query.where;
}

// Adds parameters and remembers their numbers.
class QueryBuilder {
 public:
  std::string Bind(Bound value) {
    query_.values.push_back(value);
    return fmt::format("?{}", query_.values.size());
  }

  // "?3, ?4, ?5"
  std::string BindAll(const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values) {
      if (!list.empty()) list.append(", ");
      list.append(Bind(std::string_view(value)));
    }
    return list;
  }

  void And(std::string_view condition) {
    query_.where.append(query_.where.empty() ? "WHERE " : " AND ").append(condition);
  }

  DashboardQuery Take() && { return std::move(query_); }
  void Append(std::string_view text) { query_.where.append(text); }

 private:
  DashboardQuery query_;
};

}  // namespace

Result<std::vector<DashboardRecord>> SelectDashboards(Connection& connection,
                                                      DashboardQuery query) {
  const std::string sql = query.where.starts_with("SELECT ") ? query.where : Selected(query);
  return connection.All<DashboardRecord>(sql, std::move(query.values), ReadDashboard);
}

Result<std::optional<DashboardRecord>> SelectDashboard(Connection& connection,
                                                       DashboardQuery query) {
  return connection.One<DashboardRecord>(Selected(query), std::move(query.values), ReadDashboard);
}

DashboardQuery SearchQuery(const DashboardSearch& search, const std::string& like) {
  QueryBuilder builder;
  const std::string user = builder.Bind(search.user_id);
  const std::string star = fmt::format(
      "EXISTS (SELECT 1 FROM star WHERE star.user_id = {} AND star.dashboard_id = d.id)", user);
  std::string head = fmt::format(fmt::runtime(kSelect), star);

  builder.And("d.org_id = " + builder.Bind(search.org_id));
  if (!search.text.empty())
    builder.And(fmt::format("d.title LIKE {} ESCAPE '\\'", builder.Bind(like)));
  if (!search.uids.empty()) builder.And(fmt::format("d.uid IN ({})", builder.BindAll(search.uids)));
  if (!search.ids.empty()) {
    std::string list;
    for (const std::int64_t id : search.ids) {
      list.append(list.empty() ? "" : ", ").append(builder.Bind(id));
    }
    builder.And(fmt::format("d.id IN ({})", list));
  }
  if (search.folder_uids) {
    builder.And(fmt::format("d.folder_uid IN ({})", builder.BindAll(*search.folder_uids)));
  }
  for (const std::string& tag : search.tags) {
    builder.And(
        fmt::format("EXISTS (SELECT 1 FROM dashboard_tag WHERE dashboard_id = d.id AND tag = {})",
                    builder.Bind(std::string_view(tag))));
  }
  if (search.is_starred_only) builder.And(star);
  builder.Append(fmt::format(" ORDER BY d.title {0}, d.id {0} LIMIT {1} OFFSET {2}",
                             search.is_descending ? "DESC" : "ASC", builder.Bind(search.limit),
                             builder.Bind(search.offset)));
  DashboardQuery query = std::move(builder).Take();
  query.where = head + query.where;
  return query;
}

}  // namespace narthex::dashstore
