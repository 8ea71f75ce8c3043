#include "dashstore/annotations.h"

#include <fmt/format.h>

#include "database.h"
#include "json/reader.h"
#include "like.h"

namespace narthex::dashstore {
namespace {

constexpr std::size_t kTextSizeMax = 65'536;
constexpr std::size_t kTagCountMax = 100;
constexpr std::size_t kTagSizeMax = 500;

const std::string kSelect =
    "SELECT id, org_id, dashboard_uid, panel_id, user_id, login, email, text, tags, begins, ends,"
    " created, updated FROM annotation ";

Annotation ReadAnnotation(const Rows& row) {
  Annotation annotation;
  annotation.id = row.Int(0);
  annotation.org_id = row.Int(1);
  annotation.dashboard_uid = row.Text(2);
  annotation.panel_id = row.Int(3);
  annotation.user_id = row.Int(4);
  annotation.login = row.Text(5);
  annotation.email = row.Text(6);
  annotation.text = row.Text(7);
  if (const auto tags = json::Parse(row.Text(8)); tags.ok()) {
    for (const json::Value& tag : tags->items()) annotation.tags.emplace_back(tag.AsString());
  }
  annotation.begins = row.Int(9);
  annotation.ends = row.Int(10);
  annotation.created = row.Int(11);
  annotation.updated = row.Int(12);
  return annotation;
}

Status Check(const Annotation& annotation) {
  const auto refuse = [](std::string_view why) {
    return Error(ErrorCode::kInvalidArgument, std::string(why));
  };
  if (annotation.text.empty() && annotation.tags.empty()) {
    return refuse("text field should not be empty");
  }
  if (annotation.text.size() > kTextSizeMax) return refuse("the text is too long");
  if (annotation.tags.size() > kTagCountMax) return refuse("more than 100 tags");
  for (const std::string& tag : annotation.tags) {
    if (tag.size() > kTagSizeMax) return refuse("a tag is too long");
  }
  if (annotation.ends < annotation.begins) return refuse("end time must not be before start time");
  return Ok();
}

std::string TagsText(const std::vector<std::string>& tags) {
  json::Value list = json::Value::MakeArray();
  for (const std::string& tag : tags) list.Append(json::Value(tag));
  return json::Print(list);
}

Status WriteTags(Connection& connection, const Annotation& annotation) {
  NARTHEX_TRY(
      connection.Run("DELETE FROM annotation_tag WHERE annotation_id = ?1", {annotation.id}));
  for (const std::string& tag : annotation.tags) {
    NARTHEX_TRY(
        connection.Run("INSERT OR IGNORE INTO annotation_tag (annotation_id, tag) VALUES (?1, ?2)",
                       {annotation.id, std::string_view(tag)}));
  }
  return Ok();
}

// The conditions of a search and their parameters, which point into it.
struct Conditions {
  std::string sql;
  std::vector<Bound> values;

  void And(std::string_view pattern, Bound value) {
    values.push_back(value);
    sql += (values.size() == 1 ? "WHERE " : " AND ");
    sql += fmt::format(fmt::runtime(pattern), values.size());
  }
};

// As JSON, so that one parameter holds any number of them.
std::string UidList(std::span<const std::string> uids) {
  json::Value list = json::Value::MakeArray();
  for (const std::string& uid : uids) list.Append(json::Value(std::string_view(uid)));
  return json::Print(list);
}

// `hidden` as UidList gives it; it outlives the result.
Conditions ConditionsOf(const AnnotationSearch& search, const std::string& hidden) {
  Conditions conditions;
  conditions.And("org_id = ?{}", search.org_id);
  if (!search.hidden_dashboard_uids.empty()) {
    conditions.And("dashboard_uid NOT IN (SELECT value FROM json_each(?{}))", hidden);
  }
  if (search.until != 0) {
    conditions.And("begins <= ?{}", search.until);
    conditions.And("ends >= ?{}", search.from);
  }
  if (!search.dashboard_uid.empty()) conditions.And("dashboard_uid = ?{}", search.dashboard_uid);
  if (search.panel_id != 0) conditions.And("panel_id = ?{}", search.panel_id);
  if (search.user_id != 0) conditions.And("user_id = ?{}", search.user_id);
  std::string any;
  for (const std::string& tag : search.tags) {
    constexpr std::string_view kHasTag =
        "EXISTS (SELECT 1 FROM annotation_tag WHERE annotation_id = id AND tag = ?{})";
    if (!search.takes_any_tag) {
      conditions.And(kHasTag, std::string_view(tag));
      continue;
    }
    conditions.values.push_back(std::string_view(tag));
    any +=
        (any.empty() ? "" : " OR ") + fmt::format(fmt::runtime(kHasTag), conditions.values.size());
  }
  if (!any.empty()) conditions.sql += " AND (" + any + ")";
  return conditions;
}

Status FoundOne(Connection& connection) {
  if (connection.change_count() > 0) return Ok();
  return Error(ErrorCode::kNotFound, "annotation not found");
}

}  // namespace

Result<std::int64_t> Annotations::Add(Annotation annotation) {
  if (annotation.ends == 0) annotation.ends = annotation.begins;
  NARTHEX_TRY(Check(annotation));
  const std::string tags = TagsText(annotation.tags);
  return database_.Write([&](Connection& connection) -> Result<std::int64_t> {
    NARTHEX_TRY(connection.Run(
        "INSERT INTO annotation (org_id, dashboard_uid, panel_id, user_id, login, email, text,"
        " tags, begins, ends, created, updated)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
        {annotation.org_id, annotation.dashboard_uid, annotation.panel_id, annotation.user_id,
         annotation.login, annotation.email, annotation.text, tags, annotation.begins,
         annotation.ends, clock_.Now()}));
    annotation.id = connection.last_insert_id();
    NARTHEX_TRY(WriteTags(connection, annotation));
    return annotation.id;
  });
}

Result<std::optional<Annotation>> Annotations::Find(std::int64_t org_id, std::int64_t id) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<Annotation>(kSelect + "WHERE org_id = ?1 AND id = ?2", {org_id, id},
                                      ReadAnnotation);
  });
}

Status Annotations::Update(Annotation annotation) {
  if (annotation.ends == 0) annotation.ends = annotation.begins;
  NARTHEX_TRY(Check(annotation));
  const std::string tags = TagsText(annotation.tags);
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run(
        "UPDATE annotation SET text = ?3, tags = ?4, begins = ?5, ends = ?6, updated = ?7"
        " WHERE org_id = ?1 AND id = ?2",
        {annotation.org_id, annotation.id, annotation.text, tags, annotation.begins,
         annotation.ends, clock_.Now()}));
    NARTHEX_TRY(FoundOne(connection));
    return WriteTags(connection, annotation);
  });
}

Status Annotations::Remove(std::int64_t org_id, std::int64_t id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(
        connection.Run("DELETE FROM annotation WHERE org_id = ?1 AND id = ?2", {org_id, id}));
    return FoundOne(connection);
  });
}

Status Annotations::RemoveOfPanel(std::int64_t org_id, std::string_view dashboard_uid,
                                  std::int64_t panel_id) {
  return database_.Write([&](Connection& connection) {
    return connection.Run(
        "DELETE FROM annotation WHERE org_id = ?1 AND dashboard_uid = ?2 AND panel_id = ?3",
        {org_id, dashboard_uid, panel_id});
  });
}

Result<std::vector<Annotation>> Annotations::Search(const AnnotationSearch& search) const {
  if (search.tags.size() > kTagCountMax) {
    return Error(ErrorCode::kInvalidArgument, "a search may name at most 100 tags");
  }
  const std::string hidden = UidList(search.hidden_dashboard_uids);
  return database_.Read([&](Connection& connection) {
    Conditions conditions = ConditionsOf(search, hidden);
    conditions.values.push_back(search.limit);
    const std::string sql =
        kSelect + conditions.sql +
        fmt::format(" ORDER BY begins DESC, id DESC LIMIT ?{}", conditions.values.size());
    return connection.All<Annotation>(sql, std::move(conditions.values), ReadAnnotation);
  });
}

Result<std::vector<Annotations::TagCount>> Annotations::Tags(std::int64_t org_id,
                                                             std::string_view text,
                                                             std::span<const std::string> hidden,
                                                             std::int64_t limit) const {
  const std::string like = LikePattern(text);
  const std::string uids = UidList(hidden);
  return database_.Read([&](Connection& connection) {
    return connection.All<TagCount>(
        "SELECT tag, count(*) FROM annotation_tag JOIN annotation ON annotation.id = annotation_id"
        " WHERE org_id = ?1 AND tag LIKE ?2 ESCAPE '\\'"
        " AND dashboard_uid NOT IN (SELECT value FROM json_each(?3))"
        " GROUP BY tag ORDER BY tag LIMIT ?4",
        {org_id, like, uids, limit}, [](const Rows& row) {
          return TagCount{row.Text(0), row.Int(1)};
        });
  });
}

Result<std::vector<std::string>> Annotations::DashboardUids(std::int64_t org_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<std::string>(
        "SELECT DISTINCT dashboard_uid FROM annotation WHERE org_id = ?1 AND dashboard_uid <> ''",
        {org_id}, [](const Rows& row) { return row.Text(0); });
  });
}

}  // namespace narthex::dashstore
