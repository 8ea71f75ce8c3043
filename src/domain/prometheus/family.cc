#include "prometheus/family.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "base/mutex.h"
#include "family_source.h"
#include "prometheus/check_names.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/info.h"
#include "prometheus/summary.h"

namespace prometheus {
namespace {

namespace exposition = narthex::exposition;
using exposition::LabelReader;
using exposition::MetricLabels;

struct LabelsHash {
  using is_transparent = void;

  std::size_t operator()(const Labels& labels) const {
    std::size_t hash = 0;
    for (const auto& [name, value] : labels) hash = Add(Add(hash, name), value);
    return hash;
  }
  std::size_t operator()(const MetricLabels& labels) const {
    std::size_t hash = 0;
    for (LabelReader label(labels); label.Next();)
      hash = Add(Add(hash, label.name()), label.value());
    return hash;
  }

 private:
  static std::size_t Add(std::size_t hash, std::string_view text) {
    // An odd factor, so that it counts what is a name and what a value.
    return hash * 0x9e3779b97f4a7c15u + std::hash<std::string_view>()(text);
  }
};

struct LabelsEqual {
  using is_transparent = void;

  bool operator()(const Labels& labels, const MetricLabels& known) const {
    LabelReader label(known);
    for (const auto& [name, value] : labels) {
      if (!label.Next() || label.name() != name || label.value() != value) return false;
    }
    return !label.Next();
  }
  bool operator()(const MetricLabels& known, const Labels& labels) const {
    return (*this)(labels, known);
  }
  bool operator()(const MetricLabels& a, const MetricLabels& b) const { return a == b; }
};

MetricLabels ToMetricLabels(const Labels& constant_labels, const Labels& labels) {
  exposition::LabelPairs pairs(constant_labels.begin(), constant_labels.end());
  pairs.insert(pairs.end(), labels.begin(), labels.end());
  return pairs;
}

void ReadValue(const Counter& counter, exposition::Metric& metric) {
  metric.value = counter.Value();
}
void ReadValue(const Gauge& gauge, exposition::Metric& metric) { metric.value = gauge.Value(); }
void ReadValue(const Info&, exposition::Metric& metric) { metric.value = 1.0; }
void ReadValue(const Histogram& histogram, exposition::Metric& metric) { histogram.Read(metric); }
void ReadValue(const Summary& summary, exposition::Metric& metric) { summary.Read(metric); }

struct FamilyHead {
  std::string name;
  std::string help;
};

// The metrics of a family at one moment. They live as long as this does.
template <typename T>
class MetricList : public detail::FamilySource {
 public:
  struct Entry {
    MetricLabels labels;  // the constant ones in front
    std::shared_ptr<T> metric;
  };

  MetricList(std::shared_ptr<const FamilyHead> head, std::vector<Entry> entries)
      : head_(std::move(head)), entries_(std::move(entries)) {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return IsLess(a.labels, b.labels); });
  }

  const std::string& name() const override { return head_->name; }
  const std::string& help() const override { return head_->help; }
  MetricType type() const override { return T::metric_type; }
  std::size_t size() const override { return entries_.size(); }
  void Read(std::size_t index, exposition::Metric& metric) const override {
    metric.labels = entries_[index].labels;
    ReadValue(*entries_[index].metric, metric);
  }
  ClientMetric Collect(std::size_t index) const {
    ClientMetric metric = entries_[index].metric->Collect();
    for (LabelReader label(entries_[index].labels); label.Next();) {
      metric.label.push_back({std::string(label.name()), std::string(label.value())});
    }
    return metric;
  }

 private:
  const std::shared_ptr<const FamilyHead> head_;
  std::vector<Entry> entries_;
};

}  // namespace

template <typename T>
struct Family<T>::State {
  using List = MetricList<T>;

  const std::shared_ptr<const FamilyHead> head;
  const Labels constant_labels;

  mutable narthex::SharedMutex mutex;
  std::unordered_map<MetricLabels, std::shared_ptr<T>, LabelsHash, LabelsEqual> metrics
      GUARDED_BY(mutex);  // by their own labels
  // What was collected last, until a metric comes or goes: most scrapes find it as it is.
  std::shared_ptr<const List> list GUARDED_BY(mutex);

  // Null where there are no metrics.
  std::shared_ptr<const List> Settle() {
    {
      narthex::ReaderLock lock(mutex);
      if (list != nullptr || metrics.empty()) return list;
    }
    narthex::WriterLock lock(mutex);
    if (list == nullptr && !metrics.empty()) {
      std::vector<typename List::Entry> entries;
      entries.reserve(metrics.size());
      for (const auto& [labels, metric] : metrics) {
        if (constant_labels.empty()) {
          entries.push_back({labels, metric});
          continue;
        }
        const auto pairs = labels.pairs();
        entries.push_back({ToMetricLabels(constant_labels, {pairs.begin(), pairs.end()}), metric});
      }
      list = std::make_shared<const List>(head, std::move(entries));
    }
    return list;
  }
};

template <typename T>
Family<T>::Family(const std::string& name, const std::string& help, const Labels& constant_labels)
    : state_(new State{std::make_shared<const FamilyHead>(FamilyHead{name, help}),
                       constant_labels,
                       {},
                       {},
                       {}}) {
  if (!CheckMetricName(name)) throw std::invalid_argument("Invalid metric name");
  for (const auto& [label, value] : constant_labels) {
    if (!CheckLabelName(label, T::metric_type)) throw std::invalid_argument("Invalid label name");
  }
}

template <typename T>
Family<T>::~Family() = default;

template <typename T>
T* Family<T>::Find(const Labels& labels) const {
  narthex::ReaderLock lock(state_->mutex);
  const auto found = state_->metrics.find(labels);
  return found != state_->metrics.end() ? found->second.get() : nullptr;
}

template <typename T>
T& Family<T>::Insert(const Labels& labels, std::shared_ptr<T> metric) {
  for (const auto& [label, value] : labels) {
    if (!CheckLabelName(label, T::metric_type)) throw std::invalid_argument("Invalid label name");
    if (state_->constant_labels.contains(label)) {
      throw std::invalid_argument("Duplicate label name");
    }
  }
  narthex::WriterLock lock(state_->mutex);
  const auto [place, is_new] =
      state_->metrics.try_emplace(ToMetricLabels({}, labels), std::move(metric));
  if (is_new) state_->list = nullptr;
  return *place->second;
}

template <typename T>
void Family<T>::Remove(T* metric) {
  narthex::WriterLock lock(state_->mutex);
  const auto found =
      std::find_if(state_->metrics.begin(), state_->metrics.end(),
                   [metric](const auto& entry) { return entry.second.get() == metric; });
  if (found == state_->metrics.end()) return;
  state_->metrics.erase(found);
  state_->list = nullptr;
}

template <typename T>
bool Family<T>::Has(const Labels& labels) const {
  return Find(labels) != nullptr;
}

template <typename T>
const std::string& Family<T>::GetName() const {
  return state_->head->name;
}

template <typename T>
const Labels& Family<T>::GetConstantLabels() const {
  return state_->constant_labels;
}

template <typename T>
std::vector<MetricFamily> Family<T>::Collect() const {
  const auto list = state_->Settle();
  if (list == nullptr) return {};
  MetricFamily family{list->name(), list->help(), T::metric_type, {}};
  family.metric.reserve(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) family.metric.push_back(list->Collect(i));
  std::vector<MetricFamily> families;
  families.push_back(std::move(family));
  return families;
}

template <typename T>
std::vector<std::shared_ptr<const detail::FamilySource>> Family<T>::Sources() const {
  if (const auto list = state_->Settle()) return {list};
  return {};
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;
template class Family<Info>;
template class Family<Summary>;

}  // namespace prometheus
