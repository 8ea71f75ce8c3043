// SQLite, wrapped: one writer, a few readers, errors that say what is wrong with the database.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace narthex::dashstore {

// A parameter of a statement. Text is not copied: it must outlive the call it is given to.
using Bound = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

// The rows of a query, one at a time. Must not outlive its connection's lease.
class Rows {
 public:
  enum class Keep { kStatement, kNothing };
  Rows(sqlite3* database, sqlite3_stmt* statement, Keep keep)
      : database_(database), statement_(statement), keep_(keep) {}
  ~Rows();
  Rows(Rows&& other) noexcept;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // Moves to the next row; false after the last one.
  Result<bool> Next();

  std::int64_t Int(int column) const;
  std::string Text(int column) const;
  bool Flag(int column) const { return Int(column) != 0; }
  bool IsNull(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  Keep keep_;
};

// One connection; used by one thread at a time.
class Connection {
 public:
  explicit Connection(sqlite3* database) : database_(database) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `sql` with ?1, ?2, ... for `values`. Statements are compiled once and
  // kept, up to a limit that only searches of ever new shapes reach.
  Result<Rows> Query(const std::string& sql, std::vector<Bound> values = {});
  // Query for a statement without rows.
  Status Run(const std::string& sql, std::vector<Bound> values = {});
  // Several statements in one text, without parameters.
  Status Script(const std::string& sql);

  std::int64_t last_insert_id() const;
  // Rows that the last Run() touched.
  std::int64_t change_count() const;

  // Every row through `read(const Rows&)`.
  template <typename T, typename Read>
  Result<std::vector<T>> All(const std::string& sql, std::vector<Bound> values, Read read) {
    NARTHEX_ASSIGN_OR_RETURN(Rows rows, Query(sql, std::move(values)));
    std::vector<T> all;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, rows.Next());
      if (!has_row) return all;
      all.push_back(read(rows));
    }
  }
  // The first row, if there is one.
  template <typename T, typename Read>
  Result<std::optional<T>> One(const std::string& sql, std::vector<Bound> values, Read read) {
    NARTHEX_ASSIGN_OR_RETURN(Rows rows, Query(sql, std::move(values)));
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, rows.Next());
    if (!has_row) return std::optional<T>();
    return std::optional<T>(read(rows));
  }

 private:
  Result<sqlite3_stmt*> Prepare(const std::string& sql);

  sqlite3* const database_;
  std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

// Thread-safe. Readers see the last committed state and never wait for the writer (WAL).
class Database {
 public:
  // Creates the file (mode 0600) and its tables if they are missing.
  //
  // Errors: kCorruption          the file is no database or is damaged
  //         kFailedPrecondition  it was written by a newer version
  //         kUnavailable         another process holds it locked
  //         kNoSpace, kIo
  static Result<std::unique_ptr<Database>> Open(const std::string& path);

  // Copies the last committed state into a new file of mode 0600; readers and writers go on
  // meanwhile. Errors: kAlreadyExists  the file is there; kNoSpace, kIo
  Status CopyTo(const std::string& path) const;

  // `body(Connection&)` gives a Status or Result; so does this.
  template <typename Body>
  auto Read(Body body) {
    const ReadLease lease(*this);
    return body(lease.connection());
  }

  // The same in a transaction, which is undone when `body` fails. The lock is what makes one writer
  // of many threads: SQLite has no more than that, and waiting here is fair and needs no retries.
  template <typename Body>
  auto Write(Body body) -> decltype(body(std::declval<Connection&>())) {
    const MutexLock lock(write_mutex_);
    NARTHEX_TRY(writer_->Run("BEGIN IMMEDIATE"));
    auto result = body(*writer_);
    if (!result.ok()) {
      Rollback();
      return result;
    }
    if (Status committed = writer_->Run("COMMIT"); !committed.ok()) {
      Rollback();
      return std::move(committed).error();
    }
    return result;
  }

 private:
  class ReadLease {
   public:
    explicit ReadLease(Database& database) : database_(database), connection_(database.Borrow()) {}
    ~ReadLease() { database_.Return(connection_); }
    ReadLease(const ReadLease&) = delete;
    ReadLease& operator=(const ReadLease&) = delete;
    Connection& connection() const { return *connection_; }

   private:
    Database& database_;
    Connection* const connection_;
  };

  explicit Database(std::string path) : path_(std::move(path)) {}
  Connection* Borrow() EXCLUDES(read_mutex_);
  void Return(Connection* connection) EXCLUDES(read_mutex_);
  void Rollback() REQUIRES(write_mutex_);

  const std::string path_;
  std::vector<std::unique_ptr<Connection>> readers_;

  Mutex write_mutex_;
  std::unique_ptr<Connection> writer_ GUARDED_BY(write_mutex_);

  Mutex read_mutex_;
  CondVar returned_;
  std::vector<Connection*> idle_readers_ GUARDED_BY(read_mutex_);
};

}  // namespace narthex::dashstore
