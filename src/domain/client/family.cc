#include "client/family.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "lookup_lock.h"
#include "model/labels.h"

namespace narthex::client {
namespace {

using exposition::LabelReader;
using exposition::MetricLabels;

using Values = std::span<const std::string_view>;

// The values of a child's labels that are not those of the whole family.
LabelReader OwnLabels(const MetricLabels& labels, std::size_t constant_count) {
  LabelReader reader(labels);
  for (std::size_t i = 0; i < constant_count; ++i) reader.Next();
  return reader;
}

struct ValuesHash {
  using is_transparent = void;
  std::size_t constant_count;

  std::size_t operator()(Values values) const {
    std::size_t hash = 0;
    for (const std::string_view value : values) hash = Add(hash, value);
    return hash;
  }
  std::size_t operator()(const MetricLabels& labels) const {
    std::size_t hash = 0;
    for (LabelReader label = OwnLabels(labels, constant_count); label.Next();) {
      hash = Add(hash, label.value());
    }
    return hash;
  }

 private:
  static std::size_t Add(std::size_t hash, std::string_view value) {
    // An odd factor, so that the order of values counts.
    return hash * 0x9e3779b97f4a7c15u + std::hash<std::string_view>()(value);
  }
};

struct ValuesEqual {
  using is_transparent = void;
  std::size_t constant_count;

  // All are of one family, so they have as many labels.
  bool operator()(Values values, const MetricLabels& labels) const {
    LabelReader label = OwnLabels(labels, constant_count);
    return std::all_of(values.begin(), values.end(), [&label](std::string_view value) {
      return label.Next() && label.value() == value;
    });
  }
  bool operator()(const MetricLabels& labels, Values values) const {
    return (*this)(values, labels);
  }
  bool operator()(const MetricLabels& a, const MetricLabels& b) const { return a == b; }
};

struct Child {
  // Shared with those who want to hold it longer than its family does.
  std::shared_ptr<Instrument> instrument;
  TimestampMs created = 0;
  // Relaxed: told in minutes, never compared with another thread's doing.
  std::atomic<TimestampMs> used{0};
  // Relaxed: who misses it shows a child that was removed meanwhile.
  std::atomic<bool> is_removed{false};
};

using ChildMap = std::unordered_map<MetricLabels, Child, ValuesHash, ValuesEqual>;
using ChildEntry = ChildMap::value_type;
using ChildList = std::vector<const ChildEntry*>;

bool IsBefore(const ChildEntry* a, const ChildEntry* b) { return IsLess(a->first, b->first); }

bool CountsFromStart(FamilyType type) {
  return type == FamilyType::kCounter || type == FamilyType::kHistogram ||
         type == FamilyType::kSummary;
}

}  // namespace

class FamilyBase::Children {
 public:
  Children(FamilyOptions options, FamilyType type, MakeInstrument make, const Clock& clock)
      : options_(std::move(options)),
        type_(type),
        make_(std::move(make)),
        clock_(clock),
        unseen_(make_()),
        children_(0, ValuesHash{options_.constant_labels.size()},
                  ValuesEqual{options_.constant_labels.size()}) {}

  const FamilyOptions& options() const { return options_; }
  FamilyType type() const { return type_; }

  std::size_t count() const EXCLUDES(mutex_) {
    LookupReader lock(mutex_);
    return children_.size();
  }

  // `take(const shared_ptr<Instrument>&)` is called under the lock.
  template <typename Take>
  decltype(auto) Find(std::span<const std::string_view> values, Take take) EXCLUDES(mutex_) {
    const bool is_well_formed = values.size() == options_.label_names.size() &&
                                std::all_of(values.begin(), values.end(), model::IsUtf8);
    if (!is_well_formed) {
      malformed_.fetch_add(1, std::memory_order_relaxed);
      return take(unseen_);
    }
    {
      LookupReader lock(mutex_);
      const auto found = children_.find(values);
      if (found != children_.end()) {
        Touch(found->second);
        return take(found->second.instrument);
      }
    }
    LookupWriter lock(mutex_);
    return take(Make(values).instrument);
  }

  bool Remove(Values values) EXCLUDES(mutex_) {
    LookupWriter lock(mutex_);
    const auto found = children_.find(values);
    if (found == children_.end()) return false;
    Remove(found);
    return true;
  }

  // Removes those of which `is_due(const ChildEntry&)` is true; how many they were.
  template <typename IsDue>
  std::size_t RemoveIf(IsDue is_due) EXCLUDES(mutex_) {
    LookupWriter lock(mutex_);
    std::size_t count = 0;
    for (auto child = children_.begin(); child != children_.end();) {
      const auto next = std::next(child);
      if (is_due(*child)) {
        Remove(child);
        ++count;
      }
      child = next;
    }
    return count;
  }

  Refused refused() const {
    return {over_limit_.load(std::memory_order_relaxed),
            malformed_.load(std::memory_order_relaxed)};
  }

  // The children that there are now. They stay in memory until EndReading().
  std::shared_ptr<const ChildList> BeginReading() EXCLUDES(settle_mutex_, mutex_) {
    Expire();
    // They are put in order outside the lock, so that nobody who looks one up waits for that.
    MutexLock settling(settle_mutex_);
    ChildList fresh;
    std::shared_ptr<const ChildList> order;
    bool is_stale = false;
    {
      LookupWriter lock(mutex_);
      ++reading_count_;
      fresh.swap(fresh_);
      order = order_;
      is_stale = std::exchange(is_order_stale_, false);
    }
    if (!is_stale && fresh.empty()) return order;
    order = Merged(*order, std::move(fresh));
    LookupWriter lock(mutex_);
    order_ = order;
    return order;
  }
  void EndReading() EXCLUDES(mutex_) {
    std::vector<ChildMap::node_type> ended;  // outside the lock
    LookupWriter lock(mutex_);
    if (--reading_count_ == 0 && !is_order_stale_) ended.swap(removed_);
  }

 private:
  void Touch(Child& child) const {
    if (options_.child_ttl.count() > 0) child.used.store(clock_.Now(), std::memory_order_relaxed);
  }

  Child& Make(Values values) REQUIRES(mutex_) {
    const auto found = children_.find(values);
    if (found != children_.end()) return found->second;
    if (children_.size() < options_.child_count_max) return Insert(values);
    over_limit_.fetch_add(1, std::memory_order_relaxed);
    const std::vector<std::string_view> overflow(values.size(), kOverflowValue);
    const auto shared = children_.find(Values(overflow));
    return shared != children_.end() ? shared->second : Insert(overflow);
  }

  Child& Insert(Values values) REQUIRES(mutex_) {
    exposition::LabelPairs labels = options_.constant_labels;
    for (std::size_t i = 0; i < values.size(); ++i) {
      labels.emplace_back(options_.label_names[i], values[i]);
    }
    ChildEntry& entry = *children_.try_emplace(MetricLabels(labels)).first;
    Child& child = entry.second;
    child.instrument = make_();
    child.created = clock_.Now();
    child.used.store(child.created, std::memory_order_relaxed);
    fresh_.push_back(&entry);
    return child;
  }

  // Its memory stays while order_ or a reading may point to it.
  void Remove(ChildMap::iterator child) REQUIRES(mutex_) {
    constexpr std::size_t kRemovedMin = 64;
    child->second.is_removed.store(true, std::memory_order_relaxed);
    removed_.push_back(children_.extract(child));
    is_order_stale_ = true;
    // Where nobody reads, what was removed must not come together.
    if (reading_count_ == 0 && removed_.size() >= kRemovedMin + children_.size()) ForgetRemoved();
  }

  void ForgetRemoved() REQUIRES(mutex_) {
    std::erase_if(fresh_, IsRemoved);
    auto order = std::make_shared<ChildList>(*order_);
    std::erase_if(*order, IsRemoved);
    order_ = std::move(order);
    is_order_stale_ = false;
    removed_.clear();
  }

  void Expire() EXCLUDES(mutex_) {
    const auto ttl = options_.child_ttl.count();
    if (ttl == 0) return;
    RemoveIf([now = clock_.Now(), ttl](const ChildEntry& entry) {
      // Nobody can come to hold it while the lock is held.
      return now - entry.second.used.load(std::memory_order_relaxed) > ttl &&
             entry.second.instrument.use_count() == 1;
    });
  }

  static bool IsRemoved(const ChildEntry* entry) {
    return entry->second.is_removed.load(std::memory_order_relaxed);
  }

  // `known`, which is in order, and `fresh` in one list, without those removed.
  static std::shared_ptr<const ChildList> Merged(ChildList known, ChildList fresh) {
    std::erase_if(known, IsRemoved);
    std::erase_if(fresh, IsRemoved);
    std::sort(fresh.begin(), fresh.end(), IsBefore);
    auto order = std::make_shared<ChildList>();
    order->reserve(known.size() + fresh.size());
    std::merge(known.begin(), known.end(), fresh.begin(), fresh.end(), std::back_inserter(*order),
               IsBefore);
    return order;
  }

  const FamilyOptions options_;
  const FamilyType type_;
  const MakeInstrument make_;
  const Clock& clock_;
  const std::shared_ptr<Instrument> unseen_;

  // Relaxed: counts that stand for themselves.
  std::atomic<std::uint64_t> over_limit_{0};
  std::atomic<std::uint64_t> malformed_{0};

  Mutex settle_mutex_;  // held while children are put in order; before mutex_

  mutable LookupLock mutex_;
  ChildMap children_ GUARDED_BY(mutex_);
  // By their values: all children but fresh_, and removed ones if it is stale. Shared with
  // readings.
  std::shared_ptr<const ChildList> order_ GUARDED_BY(mutex_) = std::make_shared<ChildList>();
  bool is_order_stale_ GUARDED_BY(mutex_) = false;
  ChildList fresh_ GUARDED_BY(mutex_);
  std::vector<ChildMap::node_type> removed_ GUARDED_BY(mutex_);
  std::size_t reading_count_ GUARDED_BY(mutex_) = 0;
};

FamilyBase::FamilyBase(FamilyOptions options, FamilyType type, MakeInstrument make,
                       const Clock& clock)
    : children_(std::make_unique<Children>(std::move(options), type, std::move(make), clock)) {
  // Without labels there is one child, which is shown from the start.
  if (label_names().empty()) Find({});
}

FamilyBase::~FamilyBase() = default;

const FamilyOptions& FamilyBase::options() const { return children_->options(); }
const std::string& FamilyBase::name() const { return options().name; }
const std::vector<std::string>& FamilyBase::label_names() const { return options().label_names; }
FamilyType FamilyBase::type() const { return children_->type(); }
std::size_t FamilyBase::child_count() const { return children_->count(); }
bool FamilyBase::Remove(std::span<const std::string_view> values) {
  return children_->Remove(values);
}
std::size_t FamilyBase::RemoveMatching(const Labels& labels) {
  return children_->RemoveIf([&labels](const ChildEntry& entry) {
    const auto own = entry.first.pairs();
    return std::all_of(labels.begin(), labels.end(), [&own](const auto& label) {
      return std::find(own.begin(), own.end(), label) != own.end();
    });
  });
}
void FamilyBase::Clear() {
  children_->RemoveIf([](const ChildEntry&) { return true; });
}
FamilyBase::Refused FamilyBase::refused() const { return children_->refused(); }
Instrument& FamilyBase::Find(std::span<const std::string_view> values) {
  using Shared = std::shared_ptr<Instrument>;
  return children_->Find(values, [](const Shared& shared) -> Instrument& { return *shared; });
}
std::shared_ptr<Instrument> FamilyBase::FindShared(std::span<const std::string_view> values) {
  using Shared = std::shared_ptr<Instrument>;
  return children_->Find(values, [](const Shared& shared) { return shared; });
}

struct FamilyReading::State {
  FamilyBase::Children& family;
  const std::shared_ptr<const ChildList> children;
  const bool has_created;
  std::size_t next = 0;
};

FamilyReading::FamilyReading(const FamilyBase& family)
    : state_(std::make_unique<State>(State{*family.children_, family.children_->BeginReading(),
                                           CountsFromStart(family.type())})) {}

FamilyReading::~FamilyReading() { state_->family.EndReading(); }

bool FamilyReading::at_end() const { return state_->next == state_->children->size(); }

void FamilyReading::Next(std::size_t count, std::vector<exposition::Metric>& metrics) {
  const ChildList& children = *state_->children;
  const std::size_t end = std::min(children.size(), state_->next + count);
  std::size_t metric_count = 0;
  for (; state_->next < end; ++state_->next) {
    const auto& [labels, child] = *children[state_->next];
    std::optional<exposition::Instant> created;
    if (state_->has_created) created = std::chrono::milliseconds(child.created);
    if (!child.instrument->is_one_metric()) {
      exposition::Metric start;
      start.labels = labels;
      start.created = created;
      metrics.resize(metric_count);
      child.instrument->AppendTo(metrics, start);
      metric_count = metrics.size();
      continue;
    }
    if (metric_count == metrics.size()) metrics.emplace_back();
    exposition::Metric& metric = metrics[metric_count++];
    metric.labels = labels;
    metric.created = created;
    child.instrument->Read(metric);
  }
  metrics.resize(metric_count);
}

}  // namespace narthex::client
