#include "schema.h"

#include <fmt/format.h>

#include <span>

namespace narthex::dashstore {
namespace {

// Times are Unix milliseconds. Hashes, sealed secrets and JSON documents are text.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE org (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL);

CREATE TABLE user (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
  login TEXT NOT NULL UNIQUE COLLATE NOCASE, email TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL,
  password_hash TEXT NOT NULL, is_server_admin INTEGER NOT NULL, is_disabled INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE INDEX user_email ON user (email);

CREATE TABLE org_user (
  org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  role TEXT NOT NULL, PRIMARY KEY (org_id, user_id)) WITHOUT ROWID;

CREATE TABLE session (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE, previous_token_hash TEXT,
  user_agent TEXT NOT NULL, client_ip TEXT NOT NULL,
  created INTEGER NOT NULL, rotated INTEGER NOT NULL, seen INTEGER NOT NULL);
CREATE INDEX session_previous ON session (previous_token_hash);
CREATE INDEX session_user ON session (user_id);

CREATE TABLE datasource (
  id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  uid TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, access TEXT NOT NULL, url TEXT NOT NULL,
  user TEXT NOT NULL, database TEXT NOT NULL, basic_auth INTEGER NOT NULL, basic_auth_user TEXT NOT NULL,
  with_credentials INTEGER NOT NULL, is_default INTEGER NOT NULL, json_data TEXT NOT NULL,
  version INTEGER NOT NULL, is_read_only INTEGER NOT NULL, provisioned_by TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL,
  UNIQUE (org_id, name), UNIQUE (org_id, uid));

CREATE TABLE datasource_secret (
  datasource_id INTEGER NOT NULL REFERENCES datasource (id) ON DELETE CASCADE,
  key TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (datasource_id, key)) WITHOUT ROWID;

CREATE TABLE folder (
  id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  uid TEXT NOT NULL, title TEXT NOT NULL COLLATE NOCASE, parent_uid TEXT NOT NULL,
  version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  created_by TEXT NOT NULL, updated_by TEXT NOT NULL,
  UNIQUE (org_id, uid));

CREATE TABLE dashboard (
  id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  uid TEXT NOT NULL, title TEXT NOT NULL COLLATE NOCASE, slug TEXT NOT NULL, folder_uid TEXT NOT NULL,
  tags TEXT NOT NULL, panel_count INTEGER NOT NULL, schema_version INTEGER NOT NULL,
  version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  created_by TEXT NOT NULL, updated_by TEXT NOT NULL,
  UNIQUE (org_id, uid));
CREATE INDEX dashboard_title ON dashboard (org_id, title);
CREATE INDEX dashboard_folder ON dashboard (org_id, folder_uid);

CREATE TABLE dashboard_tag (
  dashboard_id INTEGER NOT NULL REFERENCES dashboard (id) ON DELETE CASCADE,
  tag TEXT NOT NULL, PRIMARY KEY (dashboard_id, tag)) WITHOUT ROWID;
CREATE INDEX dashboard_tag_tag ON dashboard_tag (tag);

-- The body of the current version stands here too; dashboard itself stays small for searching.
CREATE TABLE dashboard_version (
  dashboard_id INTEGER NOT NULL REFERENCES dashboard (id) ON DELETE CASCADE,
  version INTEGER NOT NULL, parent_version INTEGER NOT NULL, restored_from INTEGER NOT NULL,
  body TEXT NOT NULL, message TEXT NOT NULL, created INTEGER NOT NULL, created_by TEXT NOT NULL,
  PRIMARY KEY (dashboard_id, version)) WITHOUT ROWID;

CREATE TABLE provisioned_dashboard (
  dashboard_id INTEGER PRIMARY KEY REFERENCES dashboard (id) ON DELETE CASCADE,
  provider TEXT NOT NULL, path TEXT NOT NULL, checksum TEXT NOT NULL,
  allows_ui_updates INTEGER NOT NULL);
CREATE INDEX provisioned_dashboard_provider ON provisioned_dashboard (provider, path);

CREATE TABLE star (
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  dashboard_id INTEGER NOT NULL REFERENCES dashboard (id) ON DELETE CASCADE,
  created INTEGER NOT NULL, PRIMARY KEY (user_id, dashboard_id)) WITHOUT ROWID;

CREATE TABLE key_value (
  namespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (namespace, key)) WITHOUT ROWID;
)sql";

constexpr const char* kScripts[] = {kVersion1};

}  // namespace

Status Migrate(Connection& connection) {
  NARTHEX_ASSIGN_OR_RETURN(
      const std::optional<std::int64_t> version,
      connection.One<std::int64_t>("PRAGMA user_version", {},
                                   [](const Rows& row) { return row.Int(0); }));
  const std::int64_t newest = static_cast<std::int64_t>(std::size(kScripts));
  if (version.value_or(0) > newest) {
    return Error(
        ErrorCode::kFailedPrecondition,
        fmt::format("the database has schema version {} and this program knows up to {}: it was "
                    "written by a newer version",
                    *version, newest));
  }
  for (std::int64_t next = version.value_or(0); next < newest; ++next) {
    const std::string script = fmt::format("BEGIN IMMEDIATE;{}PRAGMA user_version = {};COMMIT;",
                                           kScripts[static_cast<std::size_t>(next)], next + 1);
    if (Status status = connection.Script(script); !status.ok()) {
      // The transaction may be over already, and its error is the one to tell.
      (void)connection.Script("ROLLBACK").ok();
      return std::move(status).error().Under(fmt::format("schema version {}", next + 1));
    }
  }
  return Ok();
}

}  // namespace narthex::dashstore
