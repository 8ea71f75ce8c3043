#include "api/time_parameter.h"

#include <fmt/format.h>

#include <cmath>

#include "base/number.h"
#include "model/duration.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::api {
namespace {

// What clients send for "from the beginning" and "to the end". Source: upstream's API, minTime and
// maxTime.
constexpr std::string_view kMinTime = "-292273086-05-16T16:47:06Z";
constexpr std::string_view kMaxTime = "292277025-08-18T07:12:54.999999999Z";

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// Reads digits off the front.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : rest_(text) {}

  std::optional<int> Digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // ".123456", as milliseconds; 0 where there is no point. The digits beyond are cut.
  std::optional<int> Fraction() {
    if (!Take('.')) return 0;
    int value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      if (count < 3) value = value * 10 + (rest_[count] - '0');
    }
    if (count == 0) return std::nullopt;
    for (std::size_t i = count; i < 3; ++i) value *= 10;
    rest_.remove_prefix(count);
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Minutes east of UTC of "Z", "+01:00"; empty if malformed.
std::optional<int> ZoneMinutes(DigitReader reader) {
  if (reader.rest() == "Z" || reader.rest() == "z") return 0;
  const bool is_west = reader.Take('-');
  if (!is_west && !reader.Take('+')) return std::nullopt;
  const std::optional<int> hours = reader.Digits(2);
  if (!hours || !reader.Take(':')) return std::nullopt;
  const std::optional<int> minutes = reader.Digits(2);
  if (!minutes || !reader.rest().empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return (is_west ? -1 : 1) * (*hours * 60 + *minutes);
}

std::optional<TimestampMs> ParseRfc3339(std::string_view text) {
  DigitReader reader(text);
  const std::optional<int> year = reader.Digits(4);
  if (!year || !reader.Take('-')) return std::nullopt;
  const std::optional<int> month = reader.Digits(2);
  if (!month || !reader.Take('-')) return std::nullopt;
  const std::optional<int> day = reader.Digits(2);
  if (!day || (!reader.Take('T') && !reader.Take('t'))) return std::nullopt;
  const std::optional<int> hour = reader.Digits(2);
  if (!hour || !reader.Take(':')) return std::nullopt;
  const std::optional<int> minute = reader.Digits(2);
  if (!minute || !reader.Take(':')) return std::nullopt;
  const std::optional<int> second = reader.Digits(2);
  if (!second) return std::nullopt;
  const std::optional<int> fraction = reader.Fraction();
  if (!fraction) return std::nullopt;
  const std::optional<int> zone = ZoneMinutes(reader);
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!zone || !date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + *hour) * 60 + *minute - *zone) * 60'000 + *second * 1000 + *fraction;
}

// A number that a double can hold: one that is too large is malformed, "Inf" is not.
std::optional<double> ParseNumber(std::string_view text) {
  const std::optional<double> number = ParseDouble(text);
  if (!number || !std::isinf(*number)) return number;
  const bool has_digits = text.find_first_of("0123456789") != std::string_view::npos;
  return has_digits ? std::nullopt : number;
}

}  // namespace

Result<TimestampMs> ParseTime(std::string_view text) {
  constexpr TimestampMs kFurthest = std::numeric_limits<TimestampMs>::max() / 2;
  if (text == kMinTime) return -kFurthest;
  if (text == kMaxTime) return kFurthest;
  if (const std::optional<double> seconds = ParseNumber(text)) {
    const double ms = std::round(*seconds * 1000);
    // Beyond this no double is a whole number of milliseconds; far ends are cut rather than
    // refused.
    if (!std::isnan(ms)) return static_cast<TimestampMs>(std::clamp(ms, -0x1p61, 0x1p61));
  }
  if (const std::optional<TimestampMs> time = ParseRfc3339(text)) return *time;
  return Wrong(fmt::format("cannot parse {} to a valid timestamp", model::Quote(text)));
}

Result<std::chrono::milliseconds> ParseDurationParameter(std::string_view text) {
  if (const std::optional<double> seconds = ParseNumber(text)) {
    // What 2^63 nanoseconds hold, as upstream's.
    if (!(std::abs(*seconds) < 0x1p63 / 1e9)) {
      return Wrong(fmt::format("cannot parse {} to a valid duration. It overflows int64",
                               model::Quote(text)));
    }
    return std::chrono::milliseconds(std::llround(*seconds * 1000));
  }
  Result<std::chrono::milliseconds> duration = model::ParseDuration(text);
  if (duration.ok()) return *duration;
  return Wrong(fmt::format("cannot parse {} to a valid duration", model::Quote(text)));
}

}  // namespace narthex::api
