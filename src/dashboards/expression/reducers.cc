#include "reducers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace narthex::expression {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool IsNumber(const std::optional<double>& sample) { return sample && !std::isnan(*sample); }

bool HasGap(Samples samples) { return !std::all_of(samples.begin(), samples.end(), IsNumber); }

double PlainSum(Samples samples) {
  double sum = 0;
  for (const auto& sample : samples) sum += *sample;
  return sum;
}

// Of numbers only, at least one.
double PlainMedian(Samples samples) {
  std::vector<double> sorted;
  sorted.reserve(samples.size());
  for (const auto& sample : samples) sorted.push_back(*sample);
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::optional<double> Sum(Samples samples) { return HasGap(samples) ? kNaN : PlainSum(samples); }

std::optional<double> Mean(Samples samples) {
  if (samples.empty() || HasGap(samples)) return kNaN;
  return PlainSum(samples) / static_cast<double>(samples.size());
}

std::optional<double> Min(Samples samples) {
  if (samples.empty() || HasGap(samples)) return kNaN;
  return *std::min_element(samples.begin(), samples.end());
}

std::optional<double> Max(Samples samples) {
  if (samples.empty() || HasGap(samples)) return kNaN;
  return *std::max_element(samples.begin(), samples.end());
}

std::optional<double> Count(Samples samples) { return static_cast<double>(samples.size()); }

std::optional<double> Last(Samples samples) {
  return samples.empty() ? std::optional(kNaN) : samples.back();
}

std::optional<double> Median(Samples samples) {
  if (samples.empty() || HasGap(samples)) return kNaN;
  return PlainMedian(samples);
}

// Runs a reducer over the numbers among the samples.
template <std::optional<double> (*reduce)(Samples)>
std::optional<double> OfNumbers(Samples samples) {
  std::vector<std::optional<double>> numbers;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(numbers), IsNumber);
  if (numbers.empty()) return std::nullopt;
  return reduce(numbers);
}

// From the oldest to the newest; a single number has nothing to differ from.
std::optional<double> Difference(Samples samples) {
  if (samples.size() < 2) return 0;
  return *samples.back() - *samples.front();
}

std::optional<double> AbsoluteDifference(Samples samples) { return std::abs(*Difference(samples)); }

std::optional<double> PercentDifference(Samples samples) {
  if (samples.size() < 2) return 0;
  return (*samples.back() - *samples.front()) / std::abs(*samples.front()) * 100;
}

std::optional<double> AbsolutePercentDifference(Samples samples) {
  return std::abs(*PercentDifference(samples));
}

using Entry = std::pair<std::string_view, Reducer>;

constexpr Entry kReducers[] = {{"sum", Sum},     {"mean", Mean}, {"min", Min},      {"max", Max},
                               {"count", Count}, {"last", Last}, {"median", Median}};

constexpr Entry kClassicReducers[] = {{"sum", OfNumbers<Sum>},
                                      {"avg", OfNumbers<Mean>},
                                      {"min", OfNumbers<Min>},
                                      {"max", OfNumbers<Max>},
                                      {"last", OfNumbers<Last>},
                                      {"median", OfNumbers<Median>},
                                      {"count_non_null", OfNumbers<Count>},
                                      {"diff", OfNumbers<Difference>},
                                      {"diff_abs", OfNumbers<AbsoluteDifference>},
                                      {"percent_diff", OfNumbers<PercentDifference>},
                                      {"percent_diff_abs", OfNumbers<AbsolutePercentDifference>}};

Reducer Find(std::span<const Entry> entries, std::string_view name) {
  for (const auto& [known, reducer] : entries) {
    if (known == name) return reducer;
  }
  return nullptr;
}

}  // namespace

Reducer FindReducer(std::string_view name) { return Find(kReducers, name); }

Reducer FindClassicReducer(std::string_view name) {
  if (name == "count") return Count;
  return Find(kClassicReducers, name);
}

}  // namespace narthex::expression
