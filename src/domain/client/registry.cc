#include "client/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <map>
#include <set>

#include "base/check.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "client/lint.h"
#include "exposition/metric_family.h"
#include "model/labels.h"
#include "refused.h"

namespace narthex::client {
namespace {

using exposition::MetricFamily;
using model::MetricType;

// Names of samples that a family gives besides its own.
std::vector<std::string> SampleNames(std::string_view name, FamilyType type) {
  std::vector<std::string> names = {std::string(name)};
  const auto add = [&](std::string_view suffix) {
    names.push_back(std::string(name).append(suffix));
  };
  const bool is_histogram = type == FamilyType::kHistogram || type == FamilyType::kGaugeHistogram;
  if (is_histogram) add("_bucket");
  if (is_histogram || type == FamilyType::kSummary) {
    add("_sum");
    add("_count");
  }
  return names;
}

std::string_view ReservedLabel(const FamilyOptions& options, FamilyType type) {
  switch (type) {
    case FamilyType::kHistogram:
    case FamilyType::kGaugeHistogram:
      return model::kBucketLabel;
    case FamilyType::kSummary:
      return model::kQuantileLabel;
    case FamilyType::kStateSet:
      return options.name;
    default:
      return {};
  }
}

// Ends the program if the options are no good.
void CheckOptions(const FamilyOptions& options, FamilyType type) {
  const auto check = [&options](bool holds, std::string_view why) {
    if (holds) return;
    NARTHEX_CHECK(holds, fmt::format("metric {}: {}", model::Quote(options.name), why).c_str());
  };
  check(model::IsValidMetricName(options.name, model::NameValidation::kUtf8), "malformed name");
  check(!options.help.empty(), "help is missing");
  check(options.child_count_max > 0, "no child is allowed");
  check(options.child_ttl.count() == 0 || options.child_ttl >= std::chrono::minutes(1),
        "children live for a minute at least");
  std::vector<std::string> label_names = options.label_names;
  for (const auto& [label, value] : options.constant_labels) {
    check(model::IsUtf8(value), "the value of a constant label is not UTF-8");
    label_names.push_back(label);
  }
  std::set<std::string_view> names;
  for (const std::string& label : label_names) {
    check(model::IsValidLabelName(label, model::NameValidation::kUtf8), "malformed label name");
    check(!label.starts_with("__") && label != ReservedLabel(options, type), "reserved label name");
    check(names.insert(label).second, "a label name is given twice");
  }
}

MetricType TypeOf(FamilyType type) {
  switch (type) {
    case FamilyType::kCounter:
      return MetricType::kCounter;
    case FamilyType::kGauge:
      return MetricType::kGauge;
    case FamilyType::kHistogram:
      return MetricType::kHistogram;
    case FamilyType::kGaugeHistogram:
      return MetricType::kGaugeHistogram;
    case FamilyType::kSummary:
      return MetricType::kSummary;
    case FamilyType::kInfo:
      return MetricType::kInfo;
    case FamilyType::kStateSet:
      return MetricType::kStateSet;
  }
  return MetricType::kUnknown;
}

class Callback : public Collector {
 public:
  Callback(FamilyOptions options, FamilyType type, std::function<double()> value)
      : options_(std::move(options)), type_(type), value_(std::move(value)) {}

  void Collect(FamilySink& sink) override {
    const Description description{options_.name, options_.help, options_.unit};
    if (type_ == FamilyType::kCounter) {
      sink.AddCounter(description, value_(), options_.constant_labels);
    } else {
      sink.AddGauge(description, value_(), options_.constant_labels);
    }
  }

 private:
  const FamilyOptions options_;
  const FamilyType type_;
  const std::function<double()> value_;
};

}  // namespace

Registration& Registration::operator=(Registration&& other) noexcept {
  if (this != &other) {
    Reset();
    unregister_ = std::exchange(other.unregister_, nullptr);
  }
  return *this;
}

void Registration::Reset() {
  if (const auto unregister = std::exchange(unregister_, nullptr)) unregister();
}

class Registry::State {
 public:
  explicit State(const Clock& clock) : clock_(clock) {}

  template <typename T>
  Family<T>& Get(FamilyOptions options, FamilyType type, std::function<std::unique_ptr<T>()> make)
      EXCLUDES(mutex_) {
    CheckOptions(options, type);
    const Key key{options.name, options.constant_labels};
    MutexLock lock(mutex_);
    const auto found = families_.find(key);
    if (found != families_.end()) {
      FamilyBase& known = *found->second;
      const bool is_same = known.type() == type && known.label_names() == options.label_names;
      NARTHEX_CHECK(is_same, Clash(options.name).c_str());
      return static_cast<Family<T>&>(known);
    }
    TakeNames(options, type);
    for (const std::string& problem : Lint(options, type)) {
      lint_problems_.push_back(options.name + ": " + problem);
    }
    auto family = std::make_unique<Family<T>>(std::move(options), type, std::move(make), clock_);
    Family<T>& made = *family;
    families_.emplace(key, std::move(family));
    return made;
  }

  std::vector<std::string> lint_problems() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return lint_problems_;
  }

  const Clock& clock() const { return clock_; }

  void Add(std::shared_ptr<Collector> collector) EXCLUDES(collect_mutex_) {
    MutexLock lock(collect_mutex_);
    collectors_.push_back(std::move(collector));
  }

  void Remove(const std::shared_ptr<Collector>& collector) EXCLUDES(collect_mutex_) {
    MutexLock lock(collect_mutex_);
    collectors_.remove(collector);
  }

  std::vector<FamilyBase*> families() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::vector<FamilyBase*> families;
    for (const auto& [key, family] : families_) families.push_back(family.get());
    return families;
  }

  // By name; families of one name and type put together.
  std::map<std::string, MetricFamily> Collect() const EXCLUDES(collect_mutex_) {
    std::map<std::string, MetricFamily> collected;
    // Held while collectors run, so that Registration::Reset() can promise that none does.
    MutexLock lock(collect_mutex_);
    for (const auto& collector : collectors_) {
      FamilySink sink;
      try {
        collector->Collect(sink);
      } catch (...) {
        // Code of others: what it throws must not keep the other metrics from the reader.
        CountRefused(Refusal::kCollectorError);
        continue;
      }
      for (MetricFamily& family : sink.families()) Merge(collected, std::move(family));
    }
    return collected;
  }

  static void Merge(std::map<std::string, MetricFamily>& into, MetricFamily family) {
    const auto [place, is_new] = into.try_emplace(family.name, family);
    if (is_new || place->second.type != family.type) return;
    auto& metrics = place->second.metrics;
    metrics.insert(metrics.end(), std::make_move_iterator(family.metrics.begin()),
                   std::make_move_iterator(family.metrics.end()));
  }

 private:
  static std::string Clash(std::string_view name) {
    return fmt::format(
        "metric {} is registered with another type or other labels, or its samples "
        "have the name of another metric",
        model::Quote(name));
  }

  // Families of one name differ in their constant labels.
  using Key = std::pair<std::string, Labels>;

  // The names of the family's samples, which no other family may have; another face of the registry
  // may have the same family with other constant labels.
  void TakeNames(const FamilyOptions& options, FamilyType type) REQUIRES(mutex_) {
    const auto twin = families_.lower_bound(Key{options.name, {}});
    if (twin != families_.end() && twin->first.first == options.name) {
      const bool is_same_kind = twin->second->type() == type &&
                                twin->second->label_names() == options.label_names &&
                                HasSameNames(twin->first.second, options.constant_labels);
      NARTHEX_CHECK(is_same_kind, Clash(options.name).c_str());
      return;
    }
    for (std::string& name : SampleNames(options.name, type)) {
      NARTHEX_CHECK(sample_names_.insert(std::move(name)).second, Clash(options.name).c_str());
    }
  }

  static bool HasSameNames(const Labels& a, const Labels& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.first == y.first; });
  }

  const Clock& clock_;

  mutable Mutex mutex_;
  // By name. A pointer does not move, and families stay to the end.
  std::map<Key, std::unique_ptr<FamilyBase>> families_ GUARDED_BY(mutex_);
  std::set<std::string> sample_names_ GUARDED_BY(mutex_);
  std::vector<std::string> lint_problems_ GUARDED_BY(mutex_);

  mutable Mutex collect_mutex_;
  std::list<std::shared_ptr<Collector>> collectors_ GUARDED_BY(collect_mutex_);
};

Registry::Registry() : Registry(SystemClock()) {}
Registry::Registry(const Clock& clock) : state_(std::make_shared<State>(clock)) {}
Registry::Registry(std::shared_ptr<State> state, std::string prefix, Labels constant_labels)
    : prefix_(std::move(prefix)),
      constant_labels_(std::move(constant_labels)),
      state_(std::move(state)) {}
Registry::~Registry() = default;

Registry Registry::Sub(std::string prefix, Labels constant_labels) const {
  constant_labels.insert(constant_labels.begin(), constant_labels_.begin(), constant_labels_.end());
  return {state_, prefix_ + prefix, std::move(constant_labels)};
}

FamilyOptions Registry::Scoped(FamilyOptions options) const {
  options.name = prefix_ + options.name;
  options.constant_labels.insert(options.constant_labels.begin(), constant_labels_.begin(),
                                 constant_labels_.end());
  return options;
}

template <typename T>
Family<T>& Registry::Get(FamilyOptions options, FamilyType type,
                         std::function<std::unique_ptr<T>()> make) {
  return state_->Get<T>(Scoped(std::move(options)), type, std::move(make));
}

Family<Counter>& Registry::NewCounter(FamilyOptions options) {
  const auto exemplars =
      options.asks_for_exemplars ? Counter::Exemplars::kFromTraces : Counter::Exemplars::kGiven;
  return Get<Counter>(std::move(options), FamilyType::kCounter,
                      [exemplars] { return std::make_unique<Counter>(exemplars); });
}

Family<Gauge>& Registry::NewGauge(FamilyOptions options) {
  return Get<Gauge>(std::move(options), FamilyType::kGauge,
                    [] { return std::make_unique<Gauge>(); });
}

Family<Histogram>& Registry::NewHistogram(FamilyOptions options, std::vector<double> bounds) {
  HistogramOptions histogram;
  histogram.bounds = std::move(bounds);
  return NewHistogram(std::move(options), std::move(histogram));
}

Family<Histogram>& Registry::NewHistogram(FamilyOptions options, HistogramOptions histogram) {
  histogram.asks_for_exemplars = histogram.asks_for_exemplars || options.asks_for_exemplars;
  return Get<Histogram>(std::move(options), FamilyType::kHistogram,
                        [histogram = std::move(histogram), &clock = state_->clock()] {
                          return std::make_unique<Histogram>(histogram, clock);
                        });
}

Family<GaugeHistogram>& Registry::NewGaugeHistogram(FamilyOptions options,
                                                    std::vector<double> bounds) {
  return Get<GaugeHistogram>(
      std::move(options), FamilyType::kGaugeHistogram,
      [bounds = std::move(bounds)] { return std::make_unique<GaugeHistogram>(bounds); });
}

Family<Summary>& Registry::NewSummary(FamilyOptions options, SummaryOptions summary) {
  return Get<Summary>(std::move(options), FamilyType::kSummary,
                      [summary = std::move(summary), &clock = state_->clock()] {
                        return std::make_unique<Summary>(summary, clock);
                      });
}

Family<Info>& Registry::NewInfo(FamilyOptions options) {
  if (!options.name.ends_with("_info")) options.name += "_info";
  return Get<Info>(std::move(options), FamilyType::kInfo, [] { return std::make_unique<Info>(); });
}

Family<StateSet>& Registry::NewStateSet(FamilyOptions options, std::vector<std::string> states) {
  std::string label = prefix_ + options.name;
  return Get<StateSet>(std::move(options), FamilyType::kStateSet,
                       [label = std::move(label), states = std::move(states)] {
                         return std::make_unique<StateSet>(label, states);
                       });
}

Registration Registry::NewGaugeCallback(FamilyOptions options, std::function<double()> value) {
  options = Scoped(std::move(options));
  CheckOptions(options, FamilyType::kGauge);
  return Register(
      std::make_shared<Callback>(std::move(options), FamilyType::kGauge, std::move(value)));
}

Registration Registry::NewCounterCallback(FamilyOptions options, std::function<double()> value) {
  options = Scoped(std::move(options));
  CheckOptions(options, FamilyType::kCounter);
  return Register(
      std::make_shared<Callback>(std::move(options), FamilyType::kCounter, std::move(value)));
}

std::vector<std::string> Registry::lint_problems() const { return state_->lint_problems(); }

Registration Registry::Register(std::shared_ptr<Collector> collector) {
  state_->Add(collector);
  return Registration([state = state_, collector] { state->Remove(collector); });
}

namespace {

// What the library tells of itself.
std::vector<MetricFamily> OwnFamilies(const std::vector<FamilyBase*>& families) {
  MetricFamily label_sets{"metrics_client_refused_label_sets_total",
                          "Label sets that got no child of their own, by metric and reason.",
                          "",
                          MetricType::kCounter,
                          {}};
  const auto add = [&label_sets](const FamilyBase& family, std::string_view reason,
                                 std::uint64_t count) {
    if (count == 0) return;
    exposition::Metric metric;
    metric.labels = {{"metric", family.name()}, {"reason", std::string(reason)}};
    metric.value = static_cast<double>(count);
    label_sets.metrics.push_back(std::move(metric));
  };
  for (const FamilyBase* family : families) {
    const FamilyBase::Refused refused = family->refused();
    add(*family, "limit", refused.over_limit);
    add(*family, "malformed", refused.malformed);
  }
  std::vector<MetricFamily> own;
  const auto add_total = [&own](std::string name, std::string help, Refusal refusal) {
    exposition::Metric metric;
    metric.value = static_cast<double>(RefusedCount(refusal));
    own.push_back(
        {std::move(name), std::move(help), "", MetricType::kCounter, {std::move(metric)}});
  };
  add_total("metrics_client_collector_errors_total", "Collectors that threw, in the whole process.",
            Refusal::kCollectorError);
  add_total("metrics_client_refused_collected_total",
            "Metrics of collectors with malformed names or labels, in the whole process.",
            Refusal::kCollected);
  add_total("metrics_client_refused_increments_total",
            "Increments of counters that were negative or not a number, in the whole process.",
            Refusal::kIncrement);
  if (!label_sets.metrics.empty()) own.push_back(std::move(label_sets));
  return own;
}

// One family, or several that differ in their constant labels.
MetricFamily ReadFamilies(std::vector<FamilyBase*>::const_iterator& next,
                          std::vector<FamilyBase*>::const_iterator end) {
  const FamilyOptions& options = (*next)->options();
  MetricFamily family{options.name, options.help, options.unit, TypeOf((*next)->type()), {}};
  for (; next != end && (*next)->name() == family.name; ++next) (*next)->ReadInto(family.metrics);
  return family;
}

}  // namespace

void Registry::Gather(const std::function<void(const MetricFamily&)>& sink) const {
  const std::vector<FamilyBase*> families = state_->families();
  auto collected = state_->Collect();
  for (MetricFamily& family : OwnFamilies(families)) State::Merge(collected, std::move(family));

  // Both are in order of names; one family of the registry is read at a time.
  auto next = collected.begin();
  for (auto family = families.begin(); family != families.end();) {
    const std::string& name = (*family)->name();
    for (; next != collected.end() && next->first < name; ++next) sink(next->second);
    MetricFamily read = ReadFamilies(family, families.end());
    if (next != collected.end() && next->first == read.name) {
      if (next->second.type == read.type) {
        read.metrics.insert(read.metrics.end(), next->second.metrics.begin(),
                            next->second.metrics.end());
      }
      ++next;
    }
    sink(read);
  }
  for (; next != collected.end(); ++next) sink(next->second);
}

std::vector<MetricFamily> Registry::Gather() const {
  std::vector<MetricFamily> families;
  Gather([&families](const MetricFamily& family) { families.push_back(family); });
  return families;
}

Registry& DefaultRegistry() {
  // Never destroyed: it is written to until the last thread has ended.
  static Registry& registry = *std::make_unique<Registry>().release();
  return registry;
}

void AddBuildInfo(Registry& registry, std::string name, Labels facts) {
  FamilyOptions options;
  options.name = std::move(name);
  options.help = "Facts about the build of this program; the value is 1.";
  std::vector<std::string_view> values;
  for (const auto& [label, value] : facts) {
    options.label_names.push_back(label);
    values.push_back(value);
  }
  registry.NewGauge(std::move(options)).With(values).Set(1);
}

}  // namespace narthex::client
