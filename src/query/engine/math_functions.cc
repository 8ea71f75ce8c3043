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

// Years beyond what the calendar of the library holds are cut off.
constexpr double kSecondsLimit = 1e12;

struct Moment {
  std::chrono::sys_days day;
  std::chrono::year_month_day date;
  std::int64_t second_of_day;
};

Moment MomentOf(double value) {
  const double limited = std::isnan(value) ? 0 : std::clamp(value, -kSecondsLimit, kSecondsLimit);
  const std::chrono::sys_seconds time{std::chrono::seconds(static_cast<std::int64_t>(limited))};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {day, std::chrono::year_month_day(day), (time - day).count()};
}

template <double (*F)(const Moment&)>
Value DatePart(double value, Parameters) {
  return F(MomentOf(value));
}

double Minute(const Moment& m) { return static_cast<double>(m.second_of_day / 60 % 60); }
double Hour(const Moment& m) { return static_cast<double>(m.second_of_day / 3600); }
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
double Year(const Moment& m) { return static_cast<int>(m.date.year()); }

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
