#include "client/family.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>

#include "base/bytes.h"
#include "base/mutex.h"
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
  std::vector<std::string> values;
  std::unique_ptr<Instrument> instrument;
  TimestampMs created = 0;
};

}  // namespace

class FamilyBase::Children {
 public:
  Children(FamilyOptions options, model::MetricType type, MakeInstrument make, const Clock& clock)
      : options_(std::move(options)),
        type_(type),
        make_(std::move(make)),
        clock_(clock),
        unseen_(make_()) {}

  const FamilyOptions& options() const { return options_; }
  model::MetricType type() const { return type_; }

  std::size_t count() const EXCLUDES(mutex_) {
    ReaderLock lock(mutex_);
    return children_.size();
  }

  Instrument& Find(std::span<const std::string_view> values) EXCLUDES(mutex_) {
    const bool is_well_formed = values.size() == options_.label_names.size() &&
                                std::all_of(values.begin(), values.end(), model::IsUtf8);
    if (!is_well_formed) {
      malformed_.fetch_add(1, std::memory_order_relaxed);
      return *unseen_;
    }
    // Kept, so that looking up a known child does not allocate.
    thread_local std::string key;
    key.clear();
    AppendKey(key, values);
    {
      ReaderLock lock(mutex_);
      const auto found = children_.find(std::string_view(key));
      if (found != children_.end()) return *found->second.instrument;
    }
    return Make(key, values);
  }

  bool Remove(std::span<const std::string_view> values) EXCLUDES(mutex_) {
    std::string key;
    AppendKey(key, values);
    WriterLock lock(mutex_);
    return children_.erase(key) > 0;
  }

  void Clear() EXCLUDES(mutex_) {
    WriterLock lock(mutex_);
    children_.clear();
  }

  Refused refused() const {
    return {over_limit_.load(std::memory_order_relaxed),
            malformed_.load(std::memory_order_relaxed)};
  }

  void ReadInto(std::vector<exposition::Metric>& metrics) const EXCLUDES(mutex_) {
    // A shared lock: look-ups go on, only new children wait.
    ReaderLock lock(mutex_);
    std::vector<const Child*> children;
    children.reserve(children_.size());
    for (const auto& [key, child] : children_) children.push_back(&child);
    std::sort(children.begin(), children.end(),
              [](const Child* a, const Child* b) { return a->values < b->values; });
    metrics.resize(children.size());
    for (std::size_t i = 0; i < children.size(); ++i) {
      exposition::LabelPairs labels;
      for (std::size_t j = 0; j < options_.label_names.size(); ++j) {
        labels.emplace_back(options_.label_names[j], children[i]->values[j]);
      }
      metrics[i].labels = std::move(labels);
      if (type_ != model::MetricType::kGauge) {
        metrics[i].created = std::chrono::milliseconds(children[i]->created);
      }
      children[i]->instrument->Read(metrics[i]);
    }
  }

 private:
  Instrument& Make(std::string_view key, std::span<const std::string_view> values)
      EXCLUDES(mutex_) {
    WriterLock lock(mutex_);
    const auto found = children_.find(key);
    if (found != children_.end()) return *found->second.instrument;
    if (children_.size() < options_.child_count_max) return Insert(std::string(key), values);
    over_limit_.fetch_add(1, std::memory_order_relaxed);
    const std::vector<std::string_view> overflow(values.size(), kOverflowValue);
    std::string overflow_key;
    AppendKey(overflow_key, overflow);
    const auto shared = children_.find(overflow_key);
    return shared != children_.end() ? *shared->second.instrument
                                     : Insert(std::move(overflow_key), overflow);
  }

  Instrument& Insert(std::string key, std::span<const std::string_view> values) REQUIRES(mutex_) {
    Child child{{values.begin(), values.end()}, make_(), clock_.Now()};
    return *children_.emplace(std::move(key), std::move(child)).first->second.instrument;
  }

  const FamilyOptions options_;
  const model::MetricType type_;
  const MakeInstrument make_;
  const Clock& clock_;
  const std::unique_ptr<Instrument> unseen_;

  // Relaxed: counts that stand for themselves.
  std::atomic<std::uint64_t> over_limit_{0};
  std::atomic<std::uint64_t> malformed_{0};

  mutable SharedMutex mutex_;
  std::unordered_map<std::string, Child, KeyHash, std::equal_to<>> children_ GUARDED_BY(mutex_);
};

FamilyBase::FamilyBase(FamilyOptions options, model::MetricType type, MakeInstrument make,
                       const Clock& clock)
    : children_(std::make_unique<Children>(std::move(options), type, std::move(make), clock)) {
  // Without labels there is one child, which is shown from the start.
  if (label_names().empty()) children_->Find({});
}

FamilyBase::~FamilyBase() = default;

const std::string& FamilyBase::name() const { return children_->options().name; }
const std::vector<std::string>& FamilyBase::label_names() const {
  return children_->options().label_names;
}
model::MetricType FamilyBase::type() const { return children_->type(); }
std::size_t FamilyBase::child_count() const { return children_->count(); }
bool FamilyBase::Remove(std::span<const std::string_view> values) {
  return children_->Remove(values);
}
void FamilyBase::Clear() { children_->Clear(); }
FamilyBase::Refused FamilyBase::refused() const { return children_->refused(); }
Instrument& FamilyBase::Find(std::span<const std::string_view> values) {
  return children_->Find(values);
}

exposition::MetricFamily FamilyBase::Read() const {
  const FamilyOptions& options = children_->options();
  exposition::MetricFamily family{options.name, options.help, options.unit, type(), {}};
  children_->ReadInto(family.metrics);
  return family;
}

}  // namespace narthex::client
