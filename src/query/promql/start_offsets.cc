// Start timestamps as test scripts write them.
#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "model/duration.h"
#include "promql/series_description.h"

namespace narthex::promql {
namespace {

using Offset = std::optional<std::int64_t>;

Error BadItem(std::string_view item, std::string_view reason) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("invalid start timestamp \"{}\": {}", item, reason)};
}

// A duration, with or without a sign, cut off `text`.
Result<std::int64_t> TakeOffset(std::string_view& text, std::string_view item) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t size = std::min(text.find_first_of("+-x"), text.size());
  const auto duration = model::ParseDuration(text.substr(0, size));
  if (!duration.ok()) return BadItem(item, duration.error().message());
  text.remove_prefix(size);
  return std::int64_t{is_negative ? -duration->count() : duration->count()};
}

Result<std::size_t> TakeCount(std::string_view text, std::string_view item) {
  if (text.starts_with('x')) {
    const auto count = ParseUint64(text.substr(1));
    if (count && *count <= kDescribedValuesMax) return static_cast<std::size_t>(*count);
  }
  return BadItem(item, "invalid repeat count");
}

Result<std::vector<Offset>> ParseItem(std::string_view item) {
  if (item == "_") return std::vector<Offset>(1);
  if (item.starts_with('_')) {
    NARTHEX_ASSIGN_OR_RETURN(const std::size_t count, TakeCount(item.substr(1), item));
    if (count == 0) return BadItem(item, "invalid repeat count");
    return std::vector<Offset>(count);
  }
  std::string_view rest = item;
  NARTHEX_ASSIGN_OR_RETURN(std::int64_t offset, TakeOffset(rest, item));
  if (rest.empty()) return std::vector<Offset>{offset};
  std::int64_t step = 0;
  if (!rest.starts_with('x')) {
    NARTHEX_ASSIGN_OR_RETURN(step, TakeOffset(rest, item));
  }
  NARTHEX_ASSIGN_OR_RETURN(const std::size_t repeat_count, TakeCount(rest, item));
  std::vector<Offset> offsets;
  for (std::size_t i = 0; i <= repeat_count; ++i) {
    offsets.emplace_back(offset);
    offset += step;
  }
  return offsets;
}

}  // namespace

Result<std::vector<Offset>> ParseStartOffsets(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<Offset> offsets;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return offsets;
    const std::size_t size = std::min(text.find_first_of(kBlanks), text.size());
    NARTHEX_ASSIGN_OR_RETURN(const std::vector<Offset> more, ParseItem(text.substr(0, size)));
    if (more.size() > kDescribedValuesMax - offsets.size()) {
      return BadItem(text.substr(0, size), "too many values");
    }
    offsets.insert(offsets.end(), more.begin(), more.end());
    text.remove_prefix(size);
  }
}

}  // namespace narthex::promql
