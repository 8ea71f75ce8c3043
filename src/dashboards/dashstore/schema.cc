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

// What belongs to a dashboard or a folder by its uid goes with it, whoever removes it.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE user ADD COLUMN is_service_account INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN chosen_org_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

CREATE TABLE team (
  id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  uid TEXT NOT NULL UNIQUE, name TEXT NOT NULL COLLATE NOCASE, email TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, UNIQUE (org_id, name));
CREATE TABLE team_member (
  team_id INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  permission INTEGER NOT NULL, PRIMARY KEY (team_id, user_id)) WITHOUT ROWID;
CREATE INDEX team_member_user ON team_member (user_id);

-- Who a user is to another service that signs people in.
CREATE TABLE user_identity (
  provider TEXT NOT NULL, subject TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  PRIMARY KEY (provider, subject)) WITHOUT ROWID;

CREATE TABLE api_token (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  name TEXT NOT NULL, key_hash TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL, expires INTEGER NOT NULL, seen INTEGER NOT NULL DEFAULT 0,
  UNIQUE (user_id, name));

CREATE TABLE access_list (
  org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  kind TEXT NOT NULL, uid TEXT NOT NULL, entries TEXT NOT NULL,
  PRIMARY KEY (org_id, kind, uid)) WITHOUT ROWID;

CREATE TABLE annotation (
  id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  dashboard_uid TEXT NOT NULL, panel_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
  login TEXT NOT NULL, email TEXT NOT NULL, text TEXT NOT NULL, tags TEXT NOT NULL,
  begins INTEGER NOT NULL, ends INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE INDEX annotation_time ON annotation (org_id, begins);
CREATE INDEX annotation_dashboard ON annotation (org_id, dashboard_uid, begins);
CREATE TABLE annotation_tag (
  annotation_id INTEGER NOT NULL REFERENCES annotation (id) ON DELETE CASCADE,
  tag TEXT NOT NULL, PRIMARY KEY (annotation_id, tag)) WITHOUT ROWID;
CREATE INDEX annotation_tag_tag ON annotation_tag (tag);

CREATE TABLE record (
  id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL REFERENCES org (id) ON DELETE CASCADE,
  kind TEXT NOT NULL, uid TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL, body TEXT NOT NULL,
  version INTEGER NOT NULL, expires INTEGER NOT NULL, created INTEGER NOT NULL,
  updated INTEGER NOT NULL, created_by TEXT NOT NULL, updated_by TEXT NOT NULL,
  UNIQUE (org_id, kind, uid));
CREATE INDEX record_uid ON record (kind, uid);
CREATE INDEX record_alias ON record (kind, alias);

CREATE TABLE library_use (
  dashboard_id INTEGER NOT NULL REFERENCES dashboard (id) ON DELETE CASCADE,
  element_uid TEXT NOT NULL, PRIMARY KEY (dashboard_id, element_uid)) WITHOUT ROWID;
CREATE INDEX library_use_element ON library_use (element_uid);

CREATE TRIGGER dashboard_gone AFTER DELETE ON dashboard BEGIN
  DELETE FROM access_list WHERE org_id = OLD.org_id AND kind = 'dashboard' AND uid = OLD.uid;
  DELETE FROM annotation WHERE org_id = OLD.org_id AND dashboard_uid = OLD.uid;
  DELETE FROM record WHERE org_id = OLD.org_id AND kind = 'public-dashboard' AND name = OLD.uid;
END;
CREATE TRIGGER folder_gone AFTER DELETE ON folder BEGIN
  DELETE FROM access_list WHERE org_id = OLD.org_id AND kind = 'folder' AND uid = OLD.uid;
  DELETE FROM record WHERE org_id = OLD.org_id AND kind = 'library-element' AND alias = OLD.uid;
END;
-- A uid may change with a save; what refers to it follows.
CREATE TRIGGER dashboard_renamed AFTER UPDATE OF uid ON dashboard WHEN OLD.uid <> NEW.uid BEGIN
  UPDATE access_list SET uid = NEW.uid
    WHERE org_id = OLD.org_id AND kind = 'dashboard' AND uid = OLD.uid;
  UPDATE annotation SET dashboard_uid = NEW.uid
    WHERE org_id = OLD.org_id AND dashboard_uid = OLD.uid;
  UPDATE record SET name = NEW.uid
    WHERE org_id = OLD.org_id AND kind = 'public-dashboard' AND name = OLD.uid;
END;
)sql";

constexpr const char* kScripts[] = {kVersion1, kVersion2};

Result<std::int64_t> StoredVersion(Connection& connection) {
  NARTHEX_ASSIGN_OR_RETURN(
      const std::optional<std::int64_t> version,
      connection.One<std::int64_t>("PRAGMA user_version", {},
                                   [](const Rows& row) { return row.Int(0); }));
  return version.value_or(0);
}

}  // namespace

Result<std::optional<std::int64_t>> VersionToKeep(Connection& connection) {
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t version, StoredVersion(connection));
  if (version == 0 || version >= static_cast<std::int64_t>(std::size(kScripts))) {
    return std::optional<std::int64_t>();
  }
  return std::optional(version);
}

Status Migrate(Connection& connection) {
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t version, StoredVersion(connection));
  const std::int64_t newest = static_cast<std::int64_t>(std::size(kScripts));
  if (version > newest) {
    return Error(
        ErrorCode::kFailedPrecondition,
        fmt::format("the database has schema version {} and this program knows up to {}: it was "
                    "written by a newer version",
                    version, newest));
  }
  for (std::int64_t next = version; next < newest; ++next) {
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
