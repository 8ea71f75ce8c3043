// The store's appender: the head's, with a word in the log when appends begin or cease to be
// refused.
#pragma once

#include <algorithm>
#include <atomic>

#include "base/log.h"
#include "head/head.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {

class Tsdb::GuardedAppender final : public storage::Appender {
 public:
  explicit GuardedAppender(head::Head& head) : head_(head) {}

  storage::GroupRef NewGroup() override { return head_.NewGroup(); }

  Result<std::vector<storage::SeriesRef>> Resolve(
      storage::GroupRef group, std::span<const model::LabelSet> labels) override {
    auto refs = head_.Resolve(group, labels);
    if (!refs.ok()) Note(refs.error());
    return refs;
  }

  Result<storage::AppendOutcome> Append(const storage::Batch& batch) override {
    auto outcome = head_.Append(batch);
    if (!outcome.ok()) {
      Note(outcome.error());
    } else if (outcome->appended_count > 0) {
      NoteSuccess();
    }
    return outcome;
  }

  Result<std::vector<storage::AppendOutcome>> AppendTogether(
      std::span<const storage::Batch> batches) override {
    auto outcomes = head_.AppendTogether(batches);
    if (!outcomes.ok()) {
      Note(outcomes.error());
    } else if (std::ranges::any_of(*outcomes,
                                   [](const auto& one) { return one.appended_count > 0; })) {
      NoteSuccess();
    }
    return outcomes;
  }

  // Relaxed: a hint for display and for the log.
  bool refuses() const { return refuses_.load(std::memory_order_relaxed); }

 private:
  void NoteSuccess() {
    if (refuses() && refuses_.exchange(false)) LogInfo("tsdb", "samples are accepted again");
  }
  void Note(const Error& error) {
    const bool is_full = error.code() == ErrorCode::kNoSpace;
    // The limit of series is not a fault of the disk, and has its own place to be told.
    if (error.code() == ErrorCode::kResourceExhausted || refuses_.exchange(true)) return;
    LogError("tsdb",
             is_full ? "no space left on the disk: samples are refused until there is room"
                     : "the log cannot be written: samples are refused",
             {{"err", error.message()}});
  }

  head::Head& head_;
  std::atomic<bool> refuses_ = false;
};

}  // namespace narthex::tsdb
