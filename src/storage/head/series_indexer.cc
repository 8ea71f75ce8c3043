#include "series_indexer.h"

#include <utility>

#include "base/check.h"

namespace narthex::head {
namespace {

// Enough that handing over does not count.
constexpr std::size_t kBatchLength = 1024;
// More are not held back: the thread is waited for.
constexpr std::size_t kWaitingCountMax = 65'536;

}  // namespace

SeriesIndexer::SeriesIndexer(SharedMutex& mutex, SeriesTable& table)
    : mutex_(mutex), table_(table), pool_({.thread_count = 1, .queue_length_max = 1}) {}

void SeriesIndexer::Add(wal::SeriesRecord::Series series) {
  waiting_.push_back(std::move(series));
  if (waiting_.size() % kBatchLength != 0) return;
  const bool is_idle = latch_ == nullptr || latch_->try_wait();
  if (is_idle || waiting_.size() >= kWaitingCountMax) Dispatch();
}

void SeriesIndexer::Drain() {
  if (!waiting_.empty()) Dispatch();
  if (latch_ != nullptr) latch_->wait();
  latch_.reset();
}

void SeriesIndexer::Dispatch() {
  if (latch_ != nullptr) latch_->wait();
  std::swap(waiting_, taken_);
  latch_ = std::make_unique<std::latch>(1);
  const Status accepted = pool_.Submit([this, latch = latch_.get()] {
    Work();
    latch->count_down();
  });
  NARTHEX_CHECK(accepted.ok(), "the queue has room for one task");
}

void SeriesIndexer::Work() {
  {
    WriterLock lock(mutex_);
    for (const auto& [ref, labels] : taken_) table_.AddLabels(ref, labels);
  }
  taken_.clear();
}

}  // namespace narthex::head
