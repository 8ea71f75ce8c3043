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
  storage::Appender& appender = store->appender();
  const storage::GroupRef group = appender.NewGroup();
  std::vector<storage::SeriesRef> refs;
  std::vector<model::LabelSet> labels(kSeriesCount);
  std::vector<double> values(kSeriesCount);
  for (bool is_first = true;; is_first = false, time += kStep) {
    for (int i = 0; i < kSeriesCount; ++i) {
      labels[static_cast<std::size_t>(i)] = LabelsAt(i, time);
      values[static_cast<std::size_t>(i)] = ValueAt(i, time);
    }
    if (is_first || time % kLifetime == 0) {
      NARTHEX_ASSIGN_OR_RETURN(refs, appender.Resolve(group, labels));
    }
    NARTHEX_ASSIGN_OR_RETURN(
        const auto outcome,
        appender.Append({.group = group, .timestamp = time, .series = refs, .values = values}));
    if (outcome.appended_count != kSeriesCount) {
      return Error{ErrorCode::kInternal,
                   fmt::format("{} samples were appended at {}", outcome.appended_count, time)};
    }
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
