// What a registry and its parts share.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "client/lint.h"
#include "client/registry.h"
#include "exposition/metric_family.h"
#include "family_names.h"
#include "model/labels.h"
#include "refused.h"

namespace narthex::client {

// Thread-safe.
class Registry::State {
 public:
  explicit State(const Clock& clock) : clock_(clock) {}

  template <typename T>
  Family<T>& Get(FamilyOptions options, FamilyType type, std::function<std::shared_ptr<T>()> make)
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

  void Add(std::shared_ptr<Collector> collector, std::string name) EXCLUDES(collect_mutex_) {
    MutexLock lock(collect_mutex_);
    collectors_.push_back({std::move(collector), std::move(name)});
  }

  void Remove(const std::shared_ptr<Collector>& collector) EXCLUDES(collect_mutex_) {
    MutexLock lock(collect_mutex_);
    collectors_.remove_if(
        [&collector](const NamedCollector& known) { return known.collector == collector; });
  }

  std::vector<FamilyBase*> families() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::vector<FamilyBase*> families;
    for (const auto& [key, family] : families_) families.push_back(family.get());
    return families;
  }

  // By name; families of one name and type put together.
  std::map<std::string, exposition::MetricFamily> Collect() const EXCLUDES(collect_mutex_) {
    std::map<std::string, exposition::MetricFamily> collected;
    // Held while collectors run, so that Registration::Reset() can promise that none does.
    MutexLock lock(collect_mutex_);
    FamilySink about_collectors;
    for (const auto& [collector, name] : collectors_) {
      const auto start = clock_.Monotonic();
      FamilySink sink;
      const bool has_succeeded = Run(*collector, sink);
      if (has_succeeded) {
        for (exposition::MetricFamily& family : sink.families())
          Merge(collected, std::move(family));
      }
      if (name.empty()) continue;
      const std::chrono::duration<double> duration = clock_.Monotonic() - start;
      about_collectors.AddGauge(
          {"scrape_collector_success", "Whether a collector succeeded in this scrape."},
          has_succeeded ? 1 : 0, {{"collector", name}});
      about_collectors.AddGauge(
          {"scrape_collector_duration_seconds", "How long a collector took in this scrape."},
          duration.count(), {{"collector", name}});
    }
    for (exposition::MetricFamily& family : about_collectors.families())
      Merge(collected, std::move(family));
    return collected;
  }

  static void Merge(std::map<std::string, exposition::MetricFamily>& into,
                    exposition::MetricFamily family) {
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

  struct NamedCollector {
    std::shared_ptr<Collector> collector;
    std::string name;
  };

  // False: it threw.
  static bool Run(Collector& collector, FamilySink& sink) {
    try {
      collector.Collect(sink);
      return true;
    } catch (...) {
      // Code of others: what it throws must not keep the other metrics from the reader.
      CountRefused(Refusal::kCollectorError);
      return false;
    }
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
  std::list<NamedCollector> collectors_ GUARDED_BY(collect_mutex_);
};

}  // namespace narthex::client
