// The metrics of a program, and how they are read.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "client/counter.h"
#include "client/family.h"
#include "client/gauge.h"
#include "client/histogram.h"
#include "client/summary.h"
#include "exposition/metric_family.h"

namespace narthex::client {

// Makes families at the time of a scrape, from what it finds then.
class Collector {
 public:
  virtual ~Collector() = default;
  // Called from the thread that gathers, one at a time. Must not register or unregister.
  virtual std::vector<exposition::MetricFamily> Collect() = 0;
};

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

// Thread-safe. Families live as long as the registry.
//
// Names are fixed in the code of a program, so what is wrong with them is a fault of the program
// and ends it with a message that names the metric: a malformed name or label name, a reserved
// label name (`le` in a histogram, `quantile` in a summary, __ in front), missing help, a name that
// another family has with other labels or another type, or that clashes with its samples (`x_sum`
// beside the histogram `x`). The same family asked for again is the same family.
class Registry {
 public:
  // `clock` tells when children were created.
  explicit Registry(const Clock& clock = SystemClock());
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Family<Counter>& NewCounter(FamilyOptions options);
  Family<Gauge>& NewGauge(FamilyOptions options);
  Family<Histogram>& NewHistogram(FamilyOptions options,
                                  std::vector<double> bounds = DefaultBuckets());
  Family<Summary>& NewSummary(FamilyOptions options);

  // A metric without labels whose value is asked for at each scrape.
  [[nodiscard]] Registration NewGaugeCallback(FamilyOptions options, std::function<double()> value);
  [[nodiscard]] Registration NewCounterCallback(FamilyOptions options,
                                                std::function<double()> value);

  [[nodiscard]] Registration Register(std::shared_ptr<Collector> collector);

  // Calls `sink` for each family in order of names, the registry's own among them. Families of one
  // name and type from several collectors become one; of different types only the first is shown.
  void Gather(const std::function<void(const exposition::MetricFamily&)>& sink) const;
  std::vector<exposition::MetricFamily> Gather() const;

 private:
  class State;
  // Shared with registrations, which must not fail if they outlive the registry.
  std::shared_ptr<State> state_;
};

// The registry of those who were not given another one; lives as long as the process.
Registry& DefaultRegistry();

// A gauge `name` that is 1, with facts about the program as labels: version, revision, ...
void AddBuildInfo(Registry& registry, std::string name, exposition::LabelPairs facts);

}  // namespace narthex::client
