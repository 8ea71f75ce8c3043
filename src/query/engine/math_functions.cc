// Mathematics and dates, value by value.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "float_sum.h"
#include "row_function.h"

namespace narthex::engine {
namespace {

using Value = std::optional<double>;
using Parameters = std::span<const double>;

template <double (*F)(double)>
Value Plain(double value, Parameters) {
  return F(value);
}

// As Go has them: NaN if either is NaN, but an infinity that decides goes before.
double Max(double a, double b) {
  if (a == kInfinity || b == kInfinity) return kInfinity;
  if (std::isnan(a) || std::isnan(b)) return kNaN;
  return std::max(a, b);
}
double Min(double a, double b) {
  if (a == -kInfinity || b == -kInfinity) return -kInfinity;
  if (std::isnan(a) || std::isnan(b)) return kNaN;
  return std::min(a, b);
}

double Sign(double value) {
  if (value < 0) return -1;
  return value > 0 ? 1 : value;
}
double Degrees(double value) { return value * 180 / std::numbers::pi; }
double Radians(double value) { return value * std::numbers::pi / 180; }

Value Clamp(double value, Parameters p) {
  if (p[1] < p[0]) return std::nullopt;
  return Max(p[0], Min(p[1], value));
}
Value ClampMax(double value, Parameters p) { return Min(p[0], value); }
Value ClampMin(double value, Parameters p) { return Max(p[0], value); }

// Ties go up. The inverse is exact for steps like 0.1, where a quotient would not be.
Value Round(double value, Parameters p) {
  const double inverse = 1 / (p.empty() ? 1.0 : p[0]);
  return std::floor(value * inverse + 0.5) / inverse;
}

struct NamedFunction {
  std::string_view name;
  ValueFunction function;
};

constexpr NamedFunction kMath[] = {
    {"abs", Plain<std::fabs>},    {"ceil", Plain<std::ceil>},   {"floor", Plain<std::floor>},
    {"exp", Plain<std::exp>},     {"ln", Plain<std::log>},      {"log2", Plain<std::log2>},
    {"log10", Plain<std::log10>}, {"sqrt", Plain<std::sqrt>},   {"sgn", Plain<Sign>},
    {"acos", Plain<std::acos>},   {"acosh", Plain<std::acosh>}, {"asin", Plain<std::asin>},
    {"asinh", Plain<std::asinh>}, {"atan", Plain<std::atan>},   {"atanh", Plain<std::atanh>},
    {"cos", Plain<std::cos>},     {"cosh", Plain<std::cosh>},   {"sin", Plain<std::sin>},
    {"sinh", Plain<std::sinh>},   {"tan", Plain<std::tan>},     {"tanh", Plain<std::tanh>},
    {"deg", Plain<Degrees>},      {"rad", Plain<Radians>},      {"clamp", Clamp},
    {"clamp_max", ClampMax},      {"clamp_min", ClampMin},      {"round", Round},
};

constexpr std::int64_t kSecondsPerDay = 86'400;
// The calendar repeats after 400 years: what lies beyond the library's years is moved into them.
constexpr std::int64_t kDaysPerCycle = 146'097;
constexpr std::int64_t kYearsPerCycle = 400;

std::int64_t FloorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

struct Moment {
  std::chrono::sys_days day;         // within the first cycle
  std::chrono::year_month_day date;  // of it
  std::int64_t cycle_count = 0;      // that it was moved by
  std::int64_t second_of_day = 0;
};

// What no int64 holds, NaN among it, is 2^63 seconds: that is where Prometheus' arithmetic ends up
// on the processors it is mostly run on.
Moment MomentOf(double value) {
  const bool fits = value >= -0x1p63 && value < 0x1p63;
  std::int64_t days = FloorDiv(std::numeric_limits<std::int64_t>::max(), kSecondsPerDay);
  std::int64_t second = std::numeric_limits<std::int64_t>::max() % kSecondsPerDay + 1;
  if (fits) {
    const auto seconds = static_cast<std::int64_t>(value);
    days = FloorDiv(seconds, kSecondsPerDay);
    second = seconds - days * kSecondsPerDay;
  }
  const std::int64_t cycles = FloorDiv(days, kDaysPerCycle);
  const std::chrono::sys_days day{std::chrono::days(days - cycles * kDaysPerCycle)};
  return {day, std::chrono::year_month_day(day), cycles, second};
}

template <double (*F)(const Moment&)>
Value DatePart(double value, Parameters) {
  return F(MomentOf(value));
}

double Minute(const Moment& m) { return static_cast<double>(m.second_of_day / 60 % 60); }
double Hour(const Moment& m) { return static_cast<double>(m.second_of_day / 3600); }
// A cycle is a whole number of weeks.
double DayOfWeek(const Moment& m) { return std::chrono::weekday(m.day).c_encoding(); }
double DayOfMonth(const Moment& m) { return static_cast<unsigned>(m.date.day()); }
double DayOfYear(const Moment& m) {
  const auto new_year = std::chrono::sys_days(m.date.year() / std::chrono::January / 1);
  return static_cast<double>((m.day - new_year).count() + 1);
}
double DaysInMonth(const Moment& m) {
  const auto last = m.date.year() / m.date.month() / std::chrono::last;
  return static_cast<unsigned>(last.day());
}
double Month(const Moment& m) { return static_cast<unsigned>(m.date.month()); }
double Year(const Moment& m) {
  return static_cast<double>(int{m.date.year()} + m.cycle_count * kYearsPerCycle);
}

constexpr NamedFunction kDates[] = {
    {"minute", DatePart<Minute>},         {"hour", DatePart<Hour>},
    {"day_of_week", DatePart<DayOfWeek>}, {"day_of_month", DatePart<DayOfMonth>},
    {"day_of_year", DatePart<DayOfYear>}, {"days_in_month", DatePart<DaysInMonth>},
    {"month", DatePart<Month>},           {"year", DatePart<Year>},
};

ValueFunction Find(std::span<const NamedFunction> functions, std::string_view name) {
  const auto found = std::ranges::find(functions, name, &NamedFunction::name);
  return found == functions.end() ? nullptr : found->function;
}

}  // namespace

ValueFunction FindMathFunction(std::string_view name) { return Find(kMath, name); }
ValueFunction FindDateFunction(std::string_view name) { return Find(kDates, name); }

}  // namespace narthex::engine
