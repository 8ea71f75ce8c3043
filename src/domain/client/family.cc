#include "client/family.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "model/labels.h"

namespace narthex::client {
namespace {

// Values behind one another, each with its length, so that different values never look alike.
void AppendKey(std::string& key, std::span<const std::string_view> values) {
  for (const std::string_view value : values) PutLengthPrefixed(key, value);
}

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
};

struct Child {
  exposition::MetricLabels labels;
  // Shared with those who want to hold it longer than its family does.
  std::shared_ptr<Instrument> instrument;
  TimestampMs created = 0;
  // Relaxed: told in minutes, never compared with another thread's doing.
  std::atomic<TimestampMs> used{0};
};

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
        unseen_(make_()) {}

  const FamilyOptions& options() const { return options_; }
  FamilyType type() const { return type_; }

  std::size_t count() const EXCLUDES(mutex_) {
    ReaderLock lock(mutex_);
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
    // Kept, so that looking up a known child does not allocate.
    thread_local std::string key;
    key.clear();
    AppendKey(key, values);
    {
      ReaderLock lock(mutex_);
      const auto found = children_.find(std::string_view(key));
      if (found != children_.end()) {
        Touch(*found->second);
        return take(found->second->instrument);
      }
    }
    WriterLock lock(mutex_);
    return take(Make(key, values).instrument);
  }

  bool Remove(std::span<const std::string_view> values) EXCLUDES(mutex_) {
    std::string key;
    AppendKey(key, values);
    WriterLock lock(mutex_);
    is_order_known_ = false;
    return children_.erase(key) > 0;
  }

  std::size_t RemoveMatching(const Labels& labels) EXCLUDES(mutex_) {
    WriterLock lock(mutex_);
    is_order_known_ = false;
    return std::erase_if(children_, [&labels](const auto& entry) {
      const auto& own = entry.second->labels.pairs();
      return std::all_of(labels.begin(), labels.end(), [&own](const auto& label) {
        return std::find(own.begin(), own.end(), label) != own.end();
      });
    });
  }

  void Clear() EXCLUDES(mutex_) {
    WriterLock lock(mutex_);
    is_order_known_ = false;
    children_.clear();
  }

  Refused refused() const {
    return {over_limit_.load(std::memory_order_relaxed),
            malformed_.load(std::memory_order_relaxed)};
  }

  void ReadInto(std::vector<exposition::Metric>& metrics) EXCLUDES(mutex_) {
    Expire();
    Settle();
    // A shared lock: look-ups go on, only new children wait.
    ReaderLock lock(mutex_);
    metrics.reserve(metrics.size() + children_.size());
    const bool has_created = CountsFromStart(type_);
    exposition::Metric start;
    const auto append = [&](const Child& child) {
      start.labels = child.labels;
      if (has_created) start.created = std::chrono::milliseconds(child.created);
      child.instrument->AppendTo(metrics, start);
    };
    if (is_order_known_) {
      for (const Child* child : order_) append(*child);
      return;
    }
    // A child came in between.
    for (const Child* child : Ordered()) append(*child);
  }

 private:
  void Touch(Child& child) const {
    if (options_.child_ttl.count() > 0) child.used.store(clock_.Now(), std::memory_order_relaxed);
  }

  Child& Make(std::string_view key, std::span<const std::string_view> values) REQUIRES(mutex_) {
    const auto found = children_.find(key);
    if (found != children_.end()) return *found->second;
    if (children_.size() < options_.child_count_max) return Insert(std::string(key), values);
    over_limit_.fetch_add(1, std::memory_order_relaxed);
    const std::vector<std::string_view> overflow(values.size(), kOverflowValue);
    std::string overflow_key;
    AppendKey(overflow_key, overflow);
    const auto shared = children_.find(overflow_key);
    return shared != children_.end() ? *shared->second : Insert(std::move(overflow_key), overflow);
  }

  Child& Insert(std::string key, std::span<const std::string_view> values) REQUIRES(mutex_) {
    exposition::LabelPairs labels = options_.constant_labels;
    for (std::size_t i = 0; i < values.size(); ++i) {
      labels.emplace_back(options_.label_names[i], values[i]);
    }
    auto child = std::make_unique<Child>();
    child->labels = std::move(labels);
    child->instrument = make_();
    child->created = clock_.Now();
    child->used.store(child->created, std::memory_order_relaxed);
    is_order_known_ = false;
    return *children_.emplace(std::move(key), std::move(child)).first->second;
  }

  void Expire() EXCLUDES(mutex_) {
    const auto ttl = options_.child_ttl.count();
    if (ttl == 0) return;
    const TimestampMs now = clock_.Now();
    WriterLock lock(mutex_);
    const std::size_t count = std::erase_if(children_, [now, ttl](const auto& entry) {
      const Child& child = *entry.second;
      // Nobody can come to hold it while the lock is held.
      return now - child.used.load(std::memory_order_relaxed) > ttl &&
             child.instrument.use_count() == 1;
    });
    if (count > 0) is_order_known_ = false;
  }

  std::vector<const Child*> Ordered() const REQUIRES_SHARED(mutex_) {
    std::vector<const Child*> children;
    children.reserve(children_.size());
    for (const auto& [key, child] : children_) children.push_back(child.get());
    std::sort(children.begin(), children.end(),
              [](const Child* a, const Child* b) { return a->labels.pairs() < b->labels.pairs(); });
    return children;
  }

  // Puts the children in order, if some came or went since the last scrape.
  void Settle() EXCLUDES(mutex_) {
    {
      ReaderLock lock(mutex_);
      if (is_order_known_) return;
    }
    WriterLock lock(mutex_);
    order_ = Ordered();
    is_order_known_ = true;
  }

  const FamilyOptions options_;
  const FamilyType type_;
  const MakeInstrument make_;
  const Clock& clock_;
  const std::shared_ptr<Instrument> unseen_;

  // Relaxed: counts that stand for themselves.
  std::atomic<std::uint64_t> over_limit_{0};
  std::atomic<std::uint64_t> malformed_{0};

  mutable SharedMutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<Child>, KeyHash, std::equal_to<>> children_
      GUARDED_BY(mutex_);
  std::vector<const Child*> order_ GUARDED_BY(mutex_);  // of the values, if is_order_known_
  bool is_order_known_ GUARDED_BY(mutex_) = false;
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
  return children_->RemoveMatching(labels);
}
void FamilyBase::Clear() { children_->Clear(); }
FamilyBase::Refused FamilyBase::refused() const { return children_->refused(); }
Instrument& FamilyBase::Find(std::span<const std::string_view> values) {
  using Shared = std::shared_ptr<Instrument>;
  return children_->Find(values, [](const Shared& shared) -> Instrument& { return *shared; });
}
std::shared_ptr<Instrument> FamilyBase::FindShared(std::span<const std::string_view> values) {
  using Shared = std::shared_ptr<Instrument>;
  return children_->Find(values, [](const Shared& shared) { return shared; });
}
void FamilyBase::ReadInto(std::vector<exposition::Metric>& metrics) const {
  children_->ReadInto(metrics);
}

}  // namespace narthex::client
