// The file that tells which queries were running when the process died.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "io/fixed_file.h"

namespace narthex::server {

// "<storage>/queries.active", as upstream has it: '[', then 1000 bytes for each query that may run:
// {"query":"...","timestamp_sec":...}, zeros, a comma. Source: spec PQL-032.
//
// Thread-safe where no two threads use one place. Each query costs two writes of 1000 bytes, which
// are not synced: they outlive the process, not the machine.
class ActiveQueries {
 public:
  // Gives what the file says of the run before as a JSON list; empty if no query was left.
  // Errors: as of io::FixedFile
  static Result<std::unique_ptr<ActiveQueries>> Open(const std::string& path,
                                                     std::size_t place_count, const Clock& clock);

  // The queries of the run before that did not end, a JSON list; "" if there were none.
  const std::string& unfinished() const { return unfinished_; }

  // `place` is less than place_count. A query too long for its room is cut.
  void Add(std::size_t place, std::string_view query);
  void Remove(std::size_t place);

 private:
  ActiveQueries(std::unique_ptr<io::FixedFile> file, const Clock& clock, std::string unfinished)
      : file_(std::move(file)), clock_(clock), unfinished_(std::move(unfinished)) {}

  void Write(std::size_t place, std::string_view entry);

  const std::unique_ptr<io::FixedFile> file_;
  const Clock& clock_;
  const std::string unfinished_;
};

}  // namespace narthex::server
