#include "database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "io/file_system.h"
#include "schema.h"

namespace narthex::dashstore {
namespace {

// Reads are short; more connections cost memory (page cache) and win nothing.
constexpr int kReaderCount = 3;
constexpr std::size_t kStatementCountMax = 200;
// How long SQLite waits for another process that holds the file, such as a backup.
constexpr int kBusyTimeoutMs = 5000;

ErrorCode CodeOf(sqlite3* database, int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kUnavailable;
    case SQLITE_FULL:
      return ErrorCode::kNoSpace;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorruption;
    case SQLITE_CONSTRAINT:
      return result == SQLITE_CONSTRAINT_FOREIGNKEY ? ErrorCode::kFailedPrecondition
                                                    : ErrorCode::kAlreadyExists;
    case SQLITE_IOERR: {
      const int reason = database == nullptr ? 0 : sqlite3_system_errno(database);
      return reason == ENOSPC || reason == EDQUOT ? ErrorCode::kNoSpace : ErrorCode::kIo;
    }
    // Not kPermissionDenied, which is about what a user may do.
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return ErrorCode::kIo;
    default:
      return ErrorCode::kInternal;
  }
}

std::string_view Explain(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnavailable:
      return "the dashboards' database is locked by another process";
    case ErrorCode::kNoSpace:
      return "the disk of the dashboards' database is full";
    case ErrorCode::kCorruption:
      return "the dashboards' database file is damaged";
    case ErrorCode::kIo:
      return "the dashboards' database file cannot be read or written";
    default:
      return "the dashboards' database refused";
  }
}

Error DatabaseError(sqlite3* database, int result) {
  const ErrorCode code = CodeOf(database, result);
  const char* text = database == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(database);
  return Error(code, fmt::format("{}: {}", Explain(code), text));
}

int BindOne(sqlite3_stmt* statement, int index, const Bound& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    // A view without memory would bind null.
    return sqlite3_bind_text64(statement, index, text->data() == nullptr ? "" : text->data(),
                               text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, index);
}

Result<std::unique_ptr<Connection>> OpenConnection(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (result != SQLITE_OK) {
    Error error = DatabaseError(handle, result);
    sqlite3_close(handle);
    return std::move(error).Under(path);
  }
  auto connection = std::make_unique<Connection>(handle);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  // An acknowledged save survives a loss of power: FULL syncs the log at each commit. The page
  // cache is held small, since the system caches the file anyway.
  const Status status = connection->Script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
      "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA cache_size=-1024;");
  if (!status.ok()) return Error(status.error()).Under(path);
  return connection;
}

Status CopyDatabase(Connection& connection, const std::string& path) {
  io::FileSystem& files = io::SystemFiles();
  if (io::Exists(files, path)) {
    return Error(ErrorCode::kAlreadyExists, path + " is there already");
  }
  // Made beforehand so that nobody else may read it; SQLite fills an empty file.
  NARTHEX_TRY(files.Open(path, io::OpenMode::kCreatePrivate));
  Status copied = connection.Run("VACUUM INTO ?1", {std::string_view(path)});
  if (!copied.ok()) return std::move(copied).error().Under(path);
  return Ok();
}

// A database of an older version is copied beside itself before its tables change, so that the
// program that wrote it can be had back.
Status KeepOlderVersion(Connection& connection, const std::string& path) {
  NARTHEX_ASSIGN_OR_RETURN(const auto version, VersionToKeep(connection));
  if (!version) return Ok();
  const std::string copy = fmt::format("{}.v{}", path, *version);
  if (io::Exists(io::SystemFiles(), copy)) return Ok();
  return CopyDatabase(connection, copy);
}

}  // namespace

Rows::~Rows() {
  if (statement_ == nullptr) return;
  if (keep_ == Keep::kNothing) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Rows::Rows(Rows&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      keep_(other.keep_) {}

Result<bool> Rows::Next() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return DatabaseError(database_, result);
}

std::int64_t Rows::Int(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Rows::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

bool Rows::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

Result<Rows> Connection::Query(const std::string& sql, std::vector<Bound> values) {
  sqlite3_stmt* statement = nullptr;
  Rows::Keep keep = Rows::Keep::kStatement;
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    statement = found->second;
  } else {
    NARTHEX_ASSIGN_OR_RETURN(statement, Prepare(sql));
    if (statements_.size() < kStatementCountMax) {
      statements_.emplace(sql, statement);
    } else {
      keep = Rows::Keep::kNothing;
    }
  }
  Rows rows(database_, statement, keep);
  int index = 0;
  for (const Bound& value : values) {
    const int result = BindOne(statement, ++index, value);
    if (result != SQLITE_OK) return DatabaseError(database_, result);
  }
  return rows;
}

Result<sqlite3_stmt*> Connection::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return DatabaseError(database_, result);
  return statement;
}

Status Connection::Run(const std::string& sql, std::vector<Bound> values) {
  NARTHEX_ASSIGN_OR_RETURN(Rows rows, Query(sql, std::move(values)));
  NARTHEX_TRY(rows.Next());
  return Ok();
}

Status Connection::Script(const std::string& sql) {
  const int result = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return DatabaseError(database_, result);
  return Ok();
}

std::int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(database_); }
std::int64_t Connection::change_count() const { return sqlite3_changes64(database_); }

Result<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  // Made here so that nobody else may read it; SQLite gives its side files the same mode.
  io::FileSystem& files = io::SystemFiles();
  if (!io::Exists(files, path)) NARTHEX_TRY(files.Open(path, io::OpenMode::kCreatePrivate));

  std::unique_ptr<Database> database(new Database(path));
  NARTHEX_ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer, OpenConnection(path));
  NARTHEX_TRY(KeepOlderVersion(*writer, path));
  if (Status status = Migrate(*writer); !status.ok()) return std::move(status).error().Under(path);
  for (int i = 0; i < kReaderCount; ++i) {
    NARTHEX_ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader, OpenConnection(path));
    NARTHEX_TRY(reader->Run("PRAGMA query_only=ON"));
    database->readers_.push_back(std::move(reader));
  }
  {
    const MutexLock lock(database->write_mutex_);
    database->writer_ = std::move(writer);
  }
  const MutexLock lock(database->read_mutex_);
  for (const auto& reader : database->readers_) database->idle_readers_.push_back(reader.get());
  return database;
}

Status Database::CopyTo(const std::string& path) const {
  // A connection of its own: the readers' refuse to write, and their lease is for short work.
  NARTHEX_ASSIGN_OR_RETURN(const auto connection, OpenConnection(path_));
  return CopyDatabase(*connection, path);
}

Connection* Database::Borrow() {
  const MutexLock lock(read_mutex_);
  while (idle_readers_.empty()) returned_.Wait(read_mutex_);
  Connection* connection = idle_readers_.back();
  idle_readers_.pop_back();
  return connection;
}

void Database::Return(Connection* connection) {
  {
    const MutexLock lock(read_mutex_);
    idle_readers_.push_back(connection);
  }
  returned_.NotifyOne();
}

void Database::Rollback() {
  // Some errors have ended the transaction already; then there is nothing to undo.
  (void)writer_->Run("ROLLBACK").ok();
}

}  // namespace narthex::dashstore
