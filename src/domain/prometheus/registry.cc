#include "prometheus/registry.h"

#include <iterator>
#include <map>
#include <stdexcept>

#include "base/mutex.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/info.h"
#include "prometheus/summary.h"

namespace prometheus {

struct Registry::State {
  struct Entry {
    MetricType type;
    // Shared with those who collect it while it is removed.
    std::shared_ptr<Collectable> family;
  };

  explicit State(InsertBehavior behavior) : insert_behavior(behavior) {}

  std::vector<std::shared_ptr<const Collectable>> Families() const {
    narthex::MutexLock lock(mutex);
    std::vector<std::shared_ptr<const Collectable>> all;
    for (const auto& [name, entry] : families) all.push_back(entry.family);
    return all;
  }

  const InsertBehavior insert_behavior;
  mutable narthex::Mutex mutex;
  std::map<std::string, Entry> families GUARDED_BY(mutex);  // by name
};

Registry::Registry(InsertBehavior insert_behavior)
    : state_(std::make_unique<State>(insert_behavior)) {}
Registry::~Registry() = default;

std::vector<MetricFamily> Registry::Collect() const {
  std::vector<MetricFamily> all;
  for (const auto& family : state_->Families()) {
    auto collected = family->Collect();
    std::move(collected.begin(), collected.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<std::shared_ptr<const detail::FamilySource>> Registry::Sources() const {
  std::vector<std::shared_ptr<const detail::FamilySource>> all;
  for (const auto& family : state_->Families()) {
    for (auto& source : family->Sources()) all.push_back(std::move(source));
  }
  return all;
}

template <typename T>
Family<T>& Registry::Add(const std::string& name, const std::string& help, const Labels& labels) {
  narthex::MutexLock lock(state_->mutex);
  const auto found = state_->families.find(name);
  if (found == state_->families.end()) {
    auto family = std::make_shared<Family<T>>(name, help, labels);
    Family<T>& made = *family;
    state_->families.emplace(name, State::Entry{T::metric_type, std::move(family)});
    return made;
  }
  if (found->second.type != T::metric_type) {
    throw std::invalid_argument("Family name already exists with different type");
  }
  if (state_->insert_behavior == InsertBehavior::Throw) {
    throw std::invalid_argument("Family name already exists");
  }
  auto& family = static_cast<Family<T>&>(*found->second.family);
  if (family.GetConstantLabels() != labels) {
    throw std::invalid_argument("Family name already exists with different constant labels");
  }
  return family;
}

template <typename T>
bool Registry::Remove(const Family<T>& family) {
  narthex::MutexLock lock(state_->mutex);
  const auto found = state_->families.find(family.GetName());
  if (found == state_->families.end() || found->second.family.get() != &family) return false;
  state_->families.erase(found);
  return true;
}

template bool Registry::Remove(const Family<Counter>& family);
template bool Registry::Remove(const Family<Gauge>& family);
template bool Registry::Remove(const Family<Histogram>& family);
template bool Registry::Remove(const Family<Info>& family);
template bool Registry::Remove(const Family<Summary>& family);

namespace detail {

template <typename T>
Builder<T>& Builder<T>::Labels(const ::prometheus::Labels& labels) {
  labels_ = labels;
  return *this;
}

template <typename T>
Builder<T>& Builder<T>::Name(const std::string& name) {
  name_ = name;
  return *this;
}

template <typename T>
Builder<T>& Builder<T>::Help(const std::string& help) {
  help_ = help;
  return *this;
}

template <typename T>
Family<T>& Builder<T>::Register(Registry& registry) {
  return registry.Add<T>(name_, help_, labels_);
}

template class Builder<Counter>;
template class Builder<Gauge>;
template class Builder<Histogram>;
template class Builder<Info>;
template class Builder<Summary>;

}  // namespace detail

detail::Builder<Counter> BuildCounter() { return {}; }
detail::Builder<Gauge> BuildGauge() { return {}; }
detail::Builder<Histogram> BuildHistogram() { return {}; }
detail::Builder<Info> BuildInfo() { return {}; }
detail::Builder<Summary> BuildSummary() { return {}; }

}  // namespace prometheus
