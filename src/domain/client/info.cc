#include "client/info.h"

#include <algorithm>
#include <atomic>

#include "base/check.h"
#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "model/labels.h"

namespace narthex::client {
namespace {

exposition::MetricLabels With(const exposition::MetricLabels& labels, const Labels& more) {
  exposition::LabelPairs pairs = labels.pairs();
  pairs.insert(pairs.end(), more.begin(), more.end());
  return pairs;
}

}  // namespace

struct Info::State {
  Mutex mutex;
  Labels facts GUARDED_BY(mutex);
};

Info::Info() : state_(std::make_unique<State>()) {}
Info::~Info() = default;

void Info::Set(Labels facts) {
  std::erase_if(facts, [](const auto& fact) {
    return !model::IsValidLabelName(fact.first, model::NameValidation::kUtf8) ||
           !model::IsUtf8(fact.second);
  });
  MutexLock lock(state_->mutex);
  state_->facts = std::move(facts);
}

void Info::Read(exposition::Metric& metric) const { metric.value = 1.0; }

void Info::AppendTo(std::vector<exposition::Metric>& metrics,
                    const exposition::Metric& start) const {
  metrics.push_back(start);
  metrics.back().value = 1.0;
  MutexLock lock(state_->mutex);
  metrics.back().labels = With(start.labels, state_->facts);
}

struct StateSet::State {
  std::string label;
  std::vector<std::string> names;
  // Relaxed: each stands for itself.
  std::unique_ptr<std::atomic<bool>[]> are_on;

  std::size_t Find(std::string_view name) const {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
};

StateSet::StateSet(std::string label, std::vector<std::string> states)
    : state_(std::make_unique<State>()) {
  NARTHEX_CHECK(!states.empty(), "a state set has states");
  state_->label = std::move(label);
  state_->names = std::move(states);
  state_->are_on = std::make_unique<std::atomic<bool>[]>(state_->names.size());
}
StateSet::~StateSet() = default;

bool StateSet::Set(std::string_view state, bool is_on) {
  const std::size_t index = state_->Find(state);
  if (index == state_->names.size()) return false;
  state_->are_on[index].store(is_on, std::memory_order_relaxed);
  return true;
}

bool StateSet::SetOnly(std::string_view state) {
  const std::size_t chosen = state_->Find(state);
  if (chosen == state_->names.size()) return false;
  for (std::size_t i = 0; i < state_->names.size(); ++i) {
    state_->are_on[i].store(i == chosen, std::memory_order_relaxed);
  }
  return true;
}

// How many are on, for want of a single value.
void StateSet::Read(exposition::Metric& metric) const {
  double count = 0;
  for (std::size_t i = 0; i < state_->names.size(); ++i) {
    count += state_->are_on[i].load(std::memory_order_relaxed) ? 1 : 0;
  }
  metric.value = count;
}

void StateSet::AppendTo(std::vector<exposition::Metric>& metrics,
                        const exposition::Metric& start) const {
  for (std::size_t i = 0; i < state_->names.size(); ++i) {
    metrics.push_back(start);
    metrics.back().labels = With(start.labels, {{state_->label, state_->names[i]}});
    metrics.back().value = state_->are_on[i].load(std::memory_order_relaxed) ? 1.0 : 0.0;
  }
}

}  // namespace narthex::client
