#include "client/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <map>
#include <set>

#include "base/check.h"
#include "base/mutex.h"
#include "model/labels.h"

namespace narthex::client {
namespace {

using exposition::MetricFamily;
using model::MetricType;

// Names of samples that a family gives besides its own.
std::vector<std::string> SampleNames(std::string_view name, MetricType type) {
  std::vector<std::string> names = {std::string(name)};
  const auto add = [&](std::string_view suffix) {
    names.push_back(std::string(name).append(suffix));
  };
  if (type == MetricType::kHistogram) add("_bucket");
  if (type == MetricType::kHistogram || type == MetricType::kSummary) {
    add("_sum");
    add("_count");
  }
  return names;
}

std::string_view ReservedLabel(MetricType type) {
  if (type == MetricType::kHistogram) return model::kBucketLabel;
  return type == MetricType::kSummary ? model::kQuantileLabel : std::string_view();
}

// Ends the program if the options are no good.
void CheckOptions(const FamilyOptions& options, MetricType type) {
  const auto check = [&options](bool holds, std::string_view why) {
    if (holds) return;
    NARTHEX_CHECK(holds, fmt::format("metric {}: {}", model::Quote(options.name), why).c_str());
  };
  check(model::IsValidMetricName(options.name, model::NameValidation::kUtf8), "malformed name");
  check(!options.help.empty(), "help is missing");
  check(options.child_count_max > 0, "no child is allowed");
  std::set<std::string_view> names;
  for (const std::string& label : options.label_names) {
    check(model::IsValidLabelName(label, model::NameValidation::kUtf8), "malformed label name");
    check(!label.starts_with("__") && label != ReservedLabel(type), "reserved label name");
    check(names.insert(label).second, "a label name is given twice");
  }
}

class Callback : public Collector {
 public:
  Callback(FamilyOptions options, MetricType type, std::function<double()> value)
      : options_(std::move(options)), type_(type), value_(std::move(value)) {}

  std::vector<MetricFamily> Collect() override {
    exposition::Metric metric;
    metric.value = value_();
    return {{options_.name, options_.help, options_.unit, type_, {std::move(metric)}}};
  }

 private:
  const FamilyOptions options_;
  const MetricType type_;
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
  Family<T>& Get(FamilyOptions options, MetricType type, std::function<std::unique_ptr<T>()> make)
      EXCLUDES(mutex_) {
    CheckOptions(options, type);
    MutexLock lock(mutex_);
    const auto found = families_.find(options.name);
    if (found != families_.end()) {
      FamilyBase& known = *found->second;
      const bool is_same = known.type() == type && known.label_names() == options.label_names;
      NARTHEX_CHECK(is_same, Clash(options.name).c_str());
      return static_cast<Family<T>&>(known);
    }
    for (std::string& name : SampleNames(options.name, type)) {
      NARTHEX_CHECK(sample_names_.insert(std::move(name)).second, Clash(options.name).c_str());
    }
    std::string name = options.name;
    auto family = std::make_unique<Family<T>>(std::move(options), type, std::move(make), clock_);
    Family<T>& made = *family;
    families_.emplace(std::move(name), std::move(family));
    return made;
  }

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
    for (const auto& [name, family] : families_) families.push_back(family.get());
    return families;
  }

  // By name; families of one name and type put together.
  std::map<std::string, MetricFamily> Collect() const EXCLUDES(collect_mutex_) {
    std::map<std::string, MetricFamily> collected;
    // Held while collectors run, so that Registration::Reset() can promise that none does.
    MutexLock lock(collect_mutex_);
    for (const auto& collector : collectors_) {
      for (MetricFamily& family : collector->Collect()) Merge(collected, std::move(family));
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

  const Clock& clock_;

  mutable Mutex mutex_;
  // By name. A pointer does not move, and families stay to the end.
  std::map<std::string, std::unique_ptr<FamilyBase>> families_ GUARDED_BY(mutex_);
  std::set<std::string> sample_names_ GUARDED_BY(mutex_);

  mutable Mutex collect_mutex_;
  std::list<std::shared_ptr<Collector>> collectors_ GUARDED_BY(collect_mutex_);
};

Registry::Registry(const Clock& clock) : state_(std::make_shared<State>(clock)) {}
Registry::~Registry() = default;

Family<Counter>& Registry::NewCounter(FamilyOptions options) {
  return state_->Get<Counter>(std::move(options), MetricType::kCounter,
                              [] { return std::make_unique<Counter>(); });
}

Family<Gauge>& Registry::NewGauge(FamilyOptions options) {
  return state_->Get<Gauge>(std::move(options), MetricType::kGauge,
                            [] { return std::make_unique<Gauge>(); });
}

Family<Histogram>& Registry::NewHistogram(FamilyOptions options, std::vector<double> bounds) {
  return state_->Get<Histogram>(
      std::move(options), MetricType::kHistogram,
      [bounds = std::move(bounds)] { return std::make_unique<Histogram>(bounds); });
}

Family<Summary>& Registry::NewSummary(FamilyOptions options) {
  return state_->Get<Summary>(std::move(options), MetricType::kSummary,
                              [] { return std::make_unique<Summary>(); });
}

Registration Registry::NewGaugeCallback(FamilyOptions options, std::function<double()> value) {
  CheckOptions(options, MetricType::kGauge);
  return Register(
      std::make_shared<Callback>(std::move(options), MetricType::kGauge, std::move(value)));
}

Registration Registry::NewCounterCallback(FamilyOptions options, std::function<double()> value) {
  CheckOptions(options, MetricType::kCounter);
  return Register(
      std::make_shared<Callback>(std::move(options), MetricType::kCounter, std::move(value)));
}

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
  exposition::Metric increments;
  increments.value = static_cast<double>(Counter::refused_count());
  std::vector<MetricFamily> own = {
      {"metrics_client_refused_increments_total",
       "Increments of counters that were negative or not a number, in the whole process.",
       "",
       MetricType::kCounter,
       {std::move(increments)}}};
  if (!label_sets.metrics.empty()) own.push_back(std::move(label_sets));
  return own;
}

}  // namespace

void Registry::Gather(const std::function<void(const MetricFamily&)>& sink) const {
  const std::vector<FamilyBase*> families = state_->families();
  auto collected = state_->Collect();
  for (MetricFamily& family : OwnFamilies(families)) State::Merge(collected, std::move(family));

  // Both are in order of names; one family of the registry is read at a time.
  auto next = collected.begin();
  for (const FamilyBase* family : families) {
    for (; next != collected.end() && next->first < family->name(); ++next) sink(next->second);
    MetricFamily read = family->Read();
    if (next != collected.end() && next->first == family->name()) {
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

void AddBuildInfo(Registry& registry, std::string name, exposition::LabelPairs facts) {
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
