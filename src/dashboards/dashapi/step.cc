#include "step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/number.h"

namespace narthex::dashapi {
namespace {

constexpr milliseconds kSecond{1000};
constexpr milliseconds kMinute{60'000};
constexpr milliseconds kHour{3'600'000};
constexpr milliseconds kDay{86'400'000};
constexpr milliseconds kWeek = 7 * kDay;
constexpr milliseconds kYear = 365 * kDay;

constexpr milliseconds kScrapeIntervalDefault = 15 * kSecond;
constexpr std::int64_t kPointCountDefault = 1500;
// Prometheus refuses more points of a series.
constexpr std::int64_t kPointCountSafe = 11'000;
constexpr std::int64_t kIntervalFactorMax = 1000;
constexpr double kIntervalMaxMs = 1e15;

bool IsRateInterval(std::string_view text) {
  return text == "$__rate_interval" || text == "${__rate_interval}";
}

std::optional<milliseconds> TakeUnit(std::string_view& text) {
  constexpr std::pair<std::string_view, milliseconds> kUnits[] = {{"ms", milliseconds(1)},
                                                                  {"s", kSecond},
                                                                  {"m", kMinute},
                                                                  {"h", kHour},
                                                                  {"d", kDay},
                                                                  {"w", kWeek},
                                                                  {"M", 30 * kDay},
                                                                  {"y", kYear}};
  for (const auto& [name, length] : kUnits) {
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    return length;
  }
  return std::nullopt;
}

milliseconds MinInterval(const StepInput& input) {
  if (const auto own = ParseInterval(input.interval)) return *own;
  if (input.frontend_interval.count() > 0) return input.frontend_interval;
  return ParseInterval(input.datasource_interval).value_or(kScrapeIntervalDefault);
}

milliseconds RateInterval(milliseconds interval, milliseconds scrape) {
  return std::max(interval + scrape, 4 * scrape);
}

void ReplaceAll(std::string& text, std::string_view name, std::string_view value) {
  for (const std::string& spelled : {fmt::format("${{{}}}", name), fmt::format("${}", name)}) {
    for (std::size_t at = text.find(spelled); at != std::string::npos;
         at = text.find(spelled, at)) {
      text.replace(at, spelled.size(), value);
      at += value.size();
    }
  }
}

}  // namespace

std::optional<milliseconds> ParseInterval(std::string_view text) {
  while (!text.empty() && (text.front() == '>' || text.front() == '<' || text.front() == '=' ||
                           text.front() == ' ')) {
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  if (const auto seconds = ParseDouble(text)) {
    if (!(*seconds > 0) || *seconds * 1000 > kIntervalMaxMs) return std::nullopt;
    return milliseconds(static_cast<std::int64_t>(std::round(*seconds * 1000)));
  }
  double total_ms = 0;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto count = ParseDouble(text.substr(0, size));
    text.remove_prefix(size);
    const auto unit = TakeUnit(text);
    if (!count || !unit) return std::nullopt;
    total_ms += *count * static_cast<double>(unit->count());
  }
  if (!(total_ms >= 1) || total_ms > kIntervalMaxMs) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(total_ms));
}

std::string FormatInterval(milliseconds interval) {
  constexpr std::pair<milliseconds, const char*> kUnits[] = {
      {kYear, "y"}, {kDay, "d"}, {kHour, "h"}, {kMinute, "m"}, {kSecond, "s"}};
  for (const auto& [length, name] : kUnits) {
    if (interval >= length) return fmt::format("{}{}", interval / length, name);
  }
  return fmt::format("{}ms", std::max<std::int64_t>(interval.count(), 1));
}

std::string FormatGoDuration(milliseconds duration) {
  if (duration < kSecond) return fmt::format("{}ms", duration.count());
  std::string text;
  if (duration >= kHour) text += fmt::format("{}h", duration / kHour);
  if (duration >= kMinute) text += fmt::format("{}m", duration % kHour / kMinute);
  text += FormatDouble(static_cast<double>((duration % kMinute).count()) / 1000);
  return text + "s";
}

milliseconds RoundInterval(milliseconds interval) {
  constexpr std::pair<std::int64_t, milliseconds> kTable[] = {
      {10, milliseconds(1)},     {15, milliseconds(10)},    {35, milliseconds(20)},
      {75, milliseconds(50)},    {150, milliseconds(100)},  {350, milliseconds(200)},
      {750, milliseconds(500)},  {1500, kSecond},           {3500, 2 * kSecond},
      {7500, 5 * kSecond},       {12'500, 10 * kSecond},    {17'500, 15 * kSecond},
      {25'000, 20 * kSecond},    {45'000, 30 * kSecond},    {90'000, kMinute},
      {210'000, 2 * kMinute},    {450'000, 5 * kMinute},    {750'000, 10 * kMinute},
      {1'050'000, 15 * kMinute}, {1'500'000, 20 * kMinute}, {2'700'000, 30 * kMinute},
      {5'400'000, kHour},        {9'000'000, 2 * kHour},    {16'200'000, 3 * kHour},
      {32'400'000, 6 * kHour},   {86'400'000, 12 * kHour},  {604'800'000, kDay},
      {1'814'400'000, kWeek},    {3'628'800'000, 30 * kDay}};
  for (const auto& [below_ms, rounded] : kTable) {
    if (interval.count() < below_ms) return rounded;
  }
  return kYear;
}

Step CalculateStep(const StepInput& input) {
  const milliseconds range{std::max<std::int64_t>(input.to - input.from, 0)};
  const std::int64_t points =
      input.point_count_max > 0 ? input.point_count_max : kPointCountDefault;
  const milliseconds calculated = std::max(RoundInterval(range / points), MinInterval(input));
  const milliseconds adjusted = std::max(calculated, RoundInterval(range / kPointCountSafe));

  const auto scrape_of_source =
      ParseInterval(input.datasource_interval).value_or(kScrapeIntervalDefault);
  if (IsRateInterval(input.interval)) {
    const milliseconds rate = RateInterval(adjusted, scrape_of_source);
    return {rate, rate};
  }
  const milliseconds step =
      adjusted * std::clamp<std::int64_t>(input.interval_factor, 1, kIntervalFactorMax);
  const milliseconds frontend =
      input.frontend_interval.count() > 0 ? input.frontend_interval : calculated;
  return {step, RateInterval(frontend, ParseInterval(input.interval).value_or(scrape_of_source))};
}

std::string ReplaceStepVariables(std::string_view expr, const Step& step, milliseconds range) {
  std::string text(expr);
  if (text.find('$') == std::string::npos) return text;
  const std::int64_t range_s = (range.count() + 500) / 1000;
  // A name that begins like another one comes before it.
  ReplaceAll(text, "__interval_ms", std::to_string(step.step.count()));
  ReplaceAll(text, "__interval", FormatInterval(step.step));
  ReplaceAll(text, "__range_ms", std::to_string(range.count()));
  ReplaceAll(text, "__range_s", std::to_string(range_s));
  ReplaceAll(text, "__range", fmt::format("{}s", range_s));
  ReplaceAll(text, "__rate_interval_ms", std::to_string(step.rate_interval.count()));
  ReplaceAll(text, "__rate_interval", FormatGoDuration(step.rate_interval));
  return text;
}

}  // namespace narthex::dashapi
