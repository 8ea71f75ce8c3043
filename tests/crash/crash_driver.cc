// Appends batch after batch to the store in a folder and writes the time of each acknowledged one
// to the standard output, until somebody kills it.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/log.h"
#include "base/number.h"
#include "workload.h"

namespace narthex::crash {
namespace {

Status Run(const std::string& directory, TimestampMs time) {
  NARTHEX_ASSIGN_OR_RETURN(const auto store,
                           tsdb::Tsdb::Open(io::SystemFiles(), SystemClock(), Options(directory)));
  Workload workload(*store);
  for (;; time += kStep) {
    NARTHEX_TRY(workload.Run(time));
    if (write(STDOUT_FILENO, &time, sizeof(time)) != sizeof(time)) return Ok();
  }
}

}  // namespace
}  // namespace narthex::crash

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  narthex::ConfigureLog({.level = narthex::LogLevel::kError});
  const narthex::Status status =
      narthex::crash::Run(argv[1], narthex::ParseInt64(argv[2]).value_or(0));
  if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message());
  return status.ok() ? 0 : 1;
}
