// The metrics of a program, and how they are read.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/collector.h"
#include "client/counter.h"
#include "client/family.h"
#include "client/gauge.h"
#include "client/histogram.h"
#include "client/info.h"
#include "client/static_labels.h"
#include "client/summary.h"

namespace narthex::exposition {
struct FamilyPart;
}  // namespace narthex::exposition

namespace narthex::client {

// Keeps a collector registered as long as it lives.
class Registration {
 public:
  Registration() = default;
  explicit Registration(std::function<void()> unregister) : unregister_(std::move(unregister)) {}
  ~Registration() { Reset(); }
  Registration(Registration&& other) noexcept
      : unregister_(std::exchange(other.unregister_, nullptr)) {}
  Registration& operator=(Registration&& other) noexcept;

  // Afterwards the collector does not run and will not again.
  void Reset();

 private:
  std::function<void()> unregister_;
};

// Thread-safe. Families live as long as the registry and all that Sub() gave.
//
// Names are fixed in the code of a program, so what is wrong with them is a fault of the program
// and ends it with a message that names the metric: a malformed name or label name, a reserved
// label name (`le` in a histogram, `quantile` in a summary, __ in front), missing help, a name that
// another family has with other labels or another type, or that clashes with its samples (`x_sum`
// beside the histogram `x`). The same family asked for again is the same family.
class Registry {
 public:
  Registry();
  // `clock` tells when children were created; it outlives the registry.
  explicit Registry(const Clock& clock);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // A face of this registry for a part of a program: what is made through it has `prefix` in front
  // of its name and `constant_labels` in front of its labels. Read it through this registry.
  Registry Sub(std::string prefix, Labels constant_labels = {}) const;

  Family<Counter>& NewCounter(FamilyOptions options);
  Family<Gauge>& NewGauge(FamilyOptions options);
  Family<Histogram>& NewHistogram(FamilyOptions options,
                                  std::vector<double> bounds = DefaultBuckets());
  Family<Histogram>& NewHistogram(FamilyOptions options, HistogramOptions histogram);
  Family<GaugeHistogram>& NewGaugeHistogram(FamilyOptions options, std::vector<double> bounds);
  Family<Summary>& NewSummary(FamilyOptions options, SummaryOptions summary = {});
  // `_info` is put behind the name if it is not there.
  Family<Info>& NewInfo(FamilyOptions options);
  Family<StateSet>& NewStateSet(FamilyOptions options, std::vector<std::string> states);

  // The same with label names in the type; options.label_names is not used:
  //   auto requests = registry.NewCounter<"method", "code">({.name = ..., .help = ...});
  //   requests.With("GET", "200").Increment();
  template <FixedText... kNames>
  requires(sizeof...(kNames) >
           0) StaticFamily<Counter, kNames...> NewCounter(FamilyOptions options) {
    return StaticFamily<Counter, kNames...>(NewCounter(WithNames<kNames...>(std::move(options))));
  }
  template <FixedText... kNames>
  requires(sizeof...(kNames) > 0) StaticFamily<Gauge, kNames...> NewGauge(FamilyOptions options) {
    return StaticFamily<Gauge, kNames...>(NewGauge(WithNames<kNames...>(std::move(options))));
  }
  template <FixedText... kNames>
  requires(sizeof...(kNames) >
           0) StaticFamily<Histogram, kNames...> NewHistogram(FamilyOptions options,
                                                              HistogramOptions histogram = {}) {
    static_assert(!IsOneOf<kNames...>("le"), "le is the label of the buckets");
    return StaticFamily<Histogram, kNames...>(
        NewHistogram(WithNames<kNames...>(std::move(options)), std::move(histogram)));
  }
  template <FixedText... kNames>
  requires(sizeof...(kNames) >
           0) StaticFamily<Summary, kNames...> NewSummary(FamilyOptions options,
                                                          SummaryOptions summary = {}) {
    static_assert(!IsOneOf<kNames...>("quantile"), "quantile is the label of the quantiles");
    return StaticFamily<Summary, kNames...>(
        NewSummary(WithNames<kNames...>(std::move(options)), std::move(summary)));
  }

  // A metric without labels whose value is asked for at each scrape.
  [[nodiscard]] Registration NewGaugeCallback(FamilyOptions options, std::function<double()> value);
  [[nodiscard]] Registration NewCounterCallback(FamilyOptions options,
                                                std::function<double()> value);

  // With a name, scrapes tell how it went: scrape_collector_success and
  // scrape_collector_duration_seconds, by collector.
  [[nodiscard]] Registration Register(std::shared_ptr<Collector> collector, std::string name = {});

  // What the names, units and labels of the families break of the naming rules: "metric: why".
  std::vector<std::string> lint_problems() const;

  // Calls `sink` for each family in order of names, target_info in front of all, the registry's own
  // among them. Families of one
  // name and type from several collectors become one; of different types only the first is shown.
  void Gather(const std::function<void(const exposition::MetricFamily&)>& sink) const;
  std::vector<exposition::MetricFamily> Gather() const;

  // The same, but of large families one part after another, so that none is held as a whole: `sink`
  // is called with a family that has some of the metrics. No lock is held meanwhile, so that a slow
  // sink keeps nobody waiting. False from `sink`: no more is wanted.
  void GatherParts(const std::function<bool(const exposition::MetricFamily&,
                                            exposition::FamilyPart)>& sink) const;

 private:
  class State;
  Registry(std::shared_ptr<State> state, std::string prefix, Labels constant_labels);

  template <FixedText... kNames>
  static FamilyOptions WithNames(FamilyOptions options) {
    options.label_names = {std::string(kNames.view())...};
    return options;
  }

  template <typename T>
  Family<T>& Get(FamilyOptions options, FamilyType type, std::function<std::shared_ptr<T>()> make);
  FamilyOptions Scoped(FamilyOptions options) const;

  const std::string prefix_;
  const Labels constant_labels_;
  // Shared with registrations, which must not fail if they outlive the registry.
  std::shared_ptr<State> state_;
};

// The registry of those who were not given another one; lives as long as the process.
Registry& DefaultRegistry();

// A gauge `name` that is 1, with facts about the program as labels: version, revision, ...
void AddBuildInfo(Registry& registry, std::string name, Labels facts);

}  // namespace narthex::client
