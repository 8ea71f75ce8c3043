// The *_over_time functions, changes and resets of series with native histograms.
#include <cmath>

#include "histogram_aggregate.h"
#include "histogram_operator.h"
#include "mixed_range.h"

namespace narthex::engine {
namespace {

using Value = std::optional<MixedValue>;

template <HistogramAggregate::Kind kKind>
Value Aggregated(const MixedWindow& window, const HistogramNotes& notes) {
  if (!window.floats.empty()) {
    notes.HasBothKinds();
    return std::nullopt;
  }
  const HistogramPart& part = window.histograms;
  HistogramAggregate aggregate(kKind, part[0]);
  for (std::size_t i = 1; i < part.size(); ++i) {
    if (aggregate.Add(part[i])) continue;
    notes.HasBothSchemas();
    return std::nullopt;
  }
  if (aggregate.has_reset_collision()) notes.ConflictingResets("aggregation");
  if (aggregate.has_reconciled_bounds()) notes.ReconciledBounds("aggregation");
  return MixedValue::Of(aggregate.Get());
}

Value Count(const MixedWindow& window, const HistogramNotes&) {
  return MixedValue{static_cast<double>(window.floats.values.size() + window.histograms.size())};
}

Value Present(const MixedWindow&, const HistogramNotes&) { return MixedValue{1}; }

bool FloatIsFirst(const MixedWindow& window) {
  return !window.floats.empty() &&
         window.floats.timestamps.front() < window.histograms.timestamps.front();
}
bool FloatIsLast(const MixedWindow& window) {
  return !window.floats.empty() &&
         window.floats.timestamps.back() > window.histograms.timestamps.back();
}

Value First(const MixedWindow& window, const HistogramNotes&) {
  if (FloatIsFirst(window)) return MixedValue{window.floats.values.front()};
  return MixedValue::Of(window.histograms[0]);
}

Value Last(const MixedWindow& window, const HistogramNotes&) {
  if (FloatIsLast(window)) return MixedValue{window.floats.values.back()};
  return MixedValue::Of(window.histograms[window.histograms.size() - 1]);
}

Value TimeOfFirst(const MixedWindow& window, const HistogramNotes&) {
  const auto time = FloatIsFirst(window) ? window.floats.timestamps.front()
                                         : window.histograms.timestamps.front();
  return MixedValue{static_cast<double>(time) / 1000};
}

Value TimeOfLast(const MixedWindow& window, const HistogramNotes&) {
  const auto time =
      FloatIsLast(window) ? window.floats.timestamps.back() : window.histograms.timestamps.back();
  return MixedValue{static_cast<double>(time) / 1000};
}

// One sample of either kind, by its place in its part.
struct Place {
  bool is_histogram = false;
  std::size_t index = 0;
};

std::vector<Place> InOrder(const MixedWindow& window) {
  std::vector<Place> places;
  const auto& floats = window.floats.timestamps;
  const auto& histograms = window.histograms.timestamps;
  std::size_t f = 0;
  std::size_t h = 0;
  while (f < floats.size() || h < histograms.size()) {
    const bool takes_float =
        h == histograms.size() || (f < floats.size() && floats[f] < histograms[h]);
    places.push_back({!takes_float, takes_float ? f++ : h++});
  }
  return places;
}

bool IsFloatReset(const FloatPart& floats, std::size_t before, std::size_t now) {
  if (floats.values[now] < floats.values[before]) return true;
  return !floats.start_timestamps.empty() &&
         IsStartReset({floats.timestamps[before], floats.start_timestamps[before]},
                      {floats.timestamps[now], floats.start_timestamps[now]});
}

// Histograms of one kind that follow one another are neighbours in their part, too.
bool IsReset(const MixedWindow& window, Place before, Place now) {
  if (before.is_histogram != now.is_histogram) return true;
  if (now.is_histogram) return window.histograms.IsReset(now.index);
  return IsFloatReset(window.floats, before.index, now.index);
}

bool IsChange(const MixedWindow& window, Place before, Place now) {
  if (before.is_histogram != now.is_histogram) return true;
  if (now.is_histogram) {
    return !HasSameContent(window.histograms[before.index], window.histograms[now.index]);
  }
  const double a = window.floats.values[before.index];
  const double b = window.floats.values[now.index];
  return a != b && !(std::isnan(a) && std::isnan(b));
}

template <auto F>
Value CountNeighbours(const MixedWindow& window, const HistogramNotes&) {
  const std::vector<Place> places = InOrder(window);
  double count = 0;
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (F(window, places[i - 1], places[i])) ++count;
  }
  return MixedValue{count};
}

// The sample before the window, whatever it is, is where counting begins.
template <auto F>
Value CountFromAnchor(const MixedWindow& window, const HistogramNotes&) {
  const std::vector<Place> places = InOrder(window);
  const auto time_of = [&](Place place) {
    return place.is_histogram ? window.histograms.timestamps[place.index]
                              : window.floats.timestamps[place.index];
  };
  std::size_t first = 0;
  while (first < places.size() && time_of(places[first]) <= window.from) ++first;
  if (first == places.size()) return std::nullopt;
  double count = 0;
  for (std::size_t i = first == 0 ? 1 : first; i < places.size(); ++i) {
    if (F(window, places[i - 1], places[i])) ++count;
  }
  return MixedValue{count};
}

constexpr NamedMixedKernel kKernels[] = {
    {"sum_over_time", Aggregated<HistogramAggregate::Kind::kSum>},
    {"avg_over_time", Aggregated<HistogramAggregate::Kind::kMean>},
    {"count_over_time", Count},
    {"present_over_time", Present},
    {"first_over_time", First},
    {"last_over_time", Last},
    {"ts_of_first_over_time", TimeOfFirst},
    {"ts_of_last_over_time", TimeOfLast},
    {"resets", CountNeighbours<IsReset>},
    {"changes", CountNeighbours<IsChange>},
};

}  // namespace

std::span<const NamedMixedKernel> MixedOverTimeKernels() { return kKernels; }

Value ResetsFromAnchor(const MixedWindow& window, const HistogramNotes& notes) {
  return CountFromAnchor<IsReset>(window, notes);
}
Value ChangesFromAnchor(const MixedWindow& window, const HistogramNotes& notes) {
  return CountFromAnchor<IsChange>(window, notes);
}

}  // namespace narthex::engine
