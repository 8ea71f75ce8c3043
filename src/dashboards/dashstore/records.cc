#include "dashstore/records.h"

#include "crypto.h"
#include "database.h"
#include "json/reader.h"

namespace narthex::dashstore {
namespace {

const std::string kSelect =
    "SELECT id, org_id, kind, uid, name, alias, body, version, expires, created, updated,"
    " created_by, updated_by FROM record ";

// A record with its body as text: reading it may fail, which a row cannot say.
struct Stored {
  Record record;
  std::string body;
};

Stored ReadStored(const Rows& row) {
  Stored stored;
  Record& record = stored.record;
  record.id = row.Int(0);
  record.org_id = row.Int(1);
  record.kind = row.Text(2);
  record.uid = row.Text(3);
  record.name = row.Text(4);
  record.alias = row.Text(5);
  stored.body = row.Text(6);
  record.version = row.Int(7);
  record.expires = row.Int(8);
  record.created = row.Int(9);
  record.updated = row.Int(10);
  record.created_by = row.Text(11);
  record.updated_by = row.Text(12);
  return stored;
}

Result<Record> Opened(Stored stored) {
  Result<json::Value> body = json::Parse(stored.body);
  if (!body.ok()) {
    return Error(ErrorCode::kCorruption,
                 "the " + stored.record.kind + " '" + stored.record.uid + "' is damaged");
  }
  stored.record.body = *std::move(body);
  return std::move(stored.record);
}

Result<std::optional<Record>> One(Connection& connection, const std::string& where,
                                  std::vector<Bound> values) {
  NARTHEX_ASSIGN_OR_RETURN(auto stored,
                           connection.One<Stored>(kSelect + where, std::move(values), ReadStored));
  if (!stored) return std::optional<Record>();
  NARTHEX_ASSIGN_OR_RETURN(Record record, Opened(*std::move(stored)));
  return std::optional(std::move(record));
}

Status NotFound() { return Error(ErrorCode::kNotFound, "not found"); }

}  // namespace

Result<std::vector<Record>> Records::List(std::int64_t org_id, std::string_view kind) const {
  const TimestampMs now = clock_.Now();
  NARTHEX_ASSIGN_OR_RETURN(auto stored, database_.Read([&](Connection& connection) {
    return connection.All<Stored>(
        kSelect +
            "WHERE org_id = ?1 AND kind = ?2 AND (expires = 0 OR expires > ?3)"
            " ORDER BY name, id",
        {org_id, kind, now}, ReadStored);
  }));
  std::vector<Record> records;
  for (Stored& one : stored) {
    NARTHEX_ASSIGN_OR_RETURN(Record record, Opened(std::move(one)));
    records.push_back(std::move(record));
  }
  return records;
}

Result<std::optional<Record>> Records::Find(std::int64_t org_id, std::string_view kind,
                                            std::string_view uid) const {
  return database_.Read([&](Connection& connection) {
    return One(connection,
               "WHERE org_id = ?1 AND kind = ?2 AND uid = ?3 AND (expires = 0 OR expires > ?4)",
               {org_id, kind, uid, clock_.Now()});
  });
}

Result<std::optional<Record>> Records::FindAnywhere(std::string_view kind,
                                                    std::string_view uid) const {
  return database_.Read([&](Connection& connection) {
    return One(connection, "WHERE kind = ?1 AND uid = ?2 AND (expires = 0 OR expires > ?3)",
               {kind, uid, clock_.Now()});
  });
}

Result<std::optional<Record>> Records::FindByAlias(std::string_view kind,
                                                   std::string_view alias) const {
  return database_.Read([&](Connection& connection) {
    return One(connection, "WHERE kind = ?1 AND alias = ?2 AND (expires = 0 OR expires > ?3)",
               {kind, alias, clock_.Now()});
  });
}

Result<Record> Records::Create(Record record) {
  if (record.uid.empty()) record.uid = RandomUid();
  record.version = 1;
  record.created = record.updated = clock_.Now();
  record.updated_by = record.created_by;
  const std::string body = json::Print(record.body);
  return database_.Write([&](Connection& connection) -> Result<Record> {
    Status made = connection.Run(
        "INSERT INTO record (org_id, kind, uid, name, alias, body, version, expires, created,"
        " updated, created_by, updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?8, ?9, ?9)",
        {record.org_id, record.kind, record.uid, record.name, record.alias, body, record.expires,
         record.created, record.created_by});
    if (made.code() == ErrorCode::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists, "the uid '" + record.uid + "' is taken");
    }
    NARTHEX_TRY(std::move(made));
    record.id = connection.last_insert_id();
    return record;
  });
}

Result<Record> Records::Update(Record record) {
  const std::string body = json::Print(record.body);
  return database_.Write([&](Connection& connection) -> Result<Record> {
    const std::string where = "WHERE org_id = ?1 AND kind = ?2 AND uid = ?3";
    NARTHEX_ASSIGN_OR_RETURN(const auto stored,
                             One(connection, where, {record.org_id, record.kind, record.uid}));
    if (!stored) return NotFound().error();
    if (stored->version != record.version) {
      return Error(ErrorCode::kFailedPrecondition, "it has been changed by someone else");
    }
    NARTHEX_TRY(connection.Run(
        "UPDATE record SET name = ?4, alias = ?5, body = ?6, version = version + 1, updated = ?7,"
        " updated_by = ?8 WHERE org_id = ?1 AND kind = ?2 AND uid = ?3",
        {record.org_id, record.kind, record.uid, record.name, record.alias, body, clock_.Now(),
         record.updated_by}));
    NARTHEX_ASSIGN_OR_RETURN(auto updated,
                             One(connection, where, {record.org_id, record.kind, record.uid}));
    if (!updated) return Error(ErrorCode::kInternal, "a record that was just saved is not there");
    return *std::move(updated);
  });
}

Status Records::Remove(std::int64_t org_id, std::string_view kind, std::string_view uid) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM record WHERE org_id = ?1 AND kind = ?2 AND uid = ?3",
                               {org_id, kind, uid}));
    return connection.change_count() > 0 ? Ok() : NotFound();
  });
}

Status Records::RemoveExpired() {
  return database_.Write([&](Connection& connection) {
    return connection.Run("DELETE FROM record WHERE expires <> 0 AND expires <= ?1",
                          {clock_.Now()});
  });
}

}  // namespace narthex::dashstore
