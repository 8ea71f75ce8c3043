#include "parallel_rows.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "crew.h"

namespace narthex::engine {
namespace {

// Values of a stretch's rows: 256 KiB.
constexpr std::size_t kStretchValueCount = std::size_t{32} << 10;
// Of the series of a stretch. The fewest keep handing over cheaper than what is handed over; the
// most leave something to share where a row has one step.
constexpr std::size_t kStretchLengthMin = 8;
constexpr std::size_t kStretchLengthMax = 256;

std::size_t StretchLength(std::size_t step_count) {
  return std::clamp(kStretchValueCount / std::max<std::size_t>(step_count, 1), kStretchLengthMin,
                    kStretchLengthMax);
}

// Series that one thread computes the rows of.
struct Stretch {
  std::unique_ptr<storage::SeriesSet> series;
  std::unique_ptr<Context> context;
  std::vector<Row> rows;  // the first `row_count` of them; the others for their memory
  std::size_t row_count = 0;
  std::size_t sample_count = 0;  // of these rows
  StreamTraits traits;
  std::optional<Error> error;
  bool is_done = false;  // guarded by the lock of Sharing, as what is above before it is set
};

using StretchPtr = std::unique_ptr<Stretch>;

// What the threads of one query share. Thread-safe.
class Sharing {
 public:
  Sharing(std::unique_ptr<storage::SeriesSet> series, OpenRows open, std::size_t stretch_length,
          Context& context)
      : open_(std::move(open)),
        stretch_length_(stretch_length),
        ahead_max_(2 * (context.crew()->thread_count_max() + 1)),
        context_(context),
        series_(std::move(series)) {}

  // Samples of the rows that are done and that nobody has given back.
  std::size_t sample_count() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return sample_count_;
  }

  // The next stretch in order, done; null at the end. Computes while it waits. Gives back `used`.
  StretchPtr Next(StretchPtr used) EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      if (used != nullptr) {
        sample_count_ -= used->sample_count;
        free_.push_back(std::move(used));
      }
    }
    while (true) {
      Stretch* own = nullptr;
      {
        MutexLock lock(mutex_);
        if (!taken_.empty() && taken_.front()->is_done) return PopFront();
        own = Take();
        if (own == nullptr && taken_.empty()) return nullptr;
        if (own == nullptr) changed_.Wait(mutex_);
      }
      if (own != nullptr) Compute(*own);
    }
  }

  // Computes stretches until there are no more. For a thread of the crew.
  void Help() EXCLUDES(mutex_) {
    while (Stretch* own = TakeWhenRoom()) Compute(*own);
    MutexLock lock(mutex_);
    --helper_count_;
    changed_.NotifyAll();
  }

  // Before each helper begins.
  void ExpectHelper() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ++helper_count_;
  }
  void ForgetHelper() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    --helper_count_;
  }

  // Nobody computes when it returns, and nobody will; nothing of the store is held any more. Tells
  // of the samples that were taken for rows that nobody asked for.
  TakenSamples End() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    is_over_ = true;
    // Whoever still computes ends soon, for nobody asks for what it makes.
    is_abandoned_.store(true, std::memory_order_relaxed);
    changed_.NotifyAll();
    while (helper_count_ > 0) changed_.Wait(mutex_);
    TakenSamples unused;
    for (const StretchPtr& stretch : taken_) unused.Add(stretch->context->taken());
    taken_.clear();
    free_.clear();
    series_.reset();
    return unused;
  }

 private:
  StretchPtr PopFront() REQUIRES(mutex_) {
    StretchPtr front = std::move(taken_.front());
    taken_.pop_front();
    // There is room for one more.
    changed_.NotifyAll();
    return front;
  }

  // Null if nothing is left or too much is waiting.
  Stretch* Take() REQUIRES(mutex_) {
    if (is_over_ || taken_.size() >= ahead_max_) return nullptr;
    const std::size_t left = series_->remaining_count();
    if (left == 0) return nullptr;
    StretchPtr stretch;
    if (free_.empty()) {
      stretch = std::make_unique<Stretch>();
    } else {
      stretch = std::move(free_.back());
      free_.pop_back();
    }
    stretch->series = series_->TakeAhead(std::min(left, stretch_length_));
    stretch->context = context_.Fork(&is_abandoned_);
    stretch->row_count = 0;
    stretch->sample_count = 0;
    stretch->error.reset();
    stretch->is_done = false;
    taken_.push_back(std::move(stretch));
    return taken_.back().get();
  }

  Stretch* TakeWhenRoom() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (true) {
      if (Stretch* stretch = Take()) return stretch;
      if (is_over_ || series_->remaining_count() == 0) return nullptr;
      changed_.Wait(mutex_);
    }
  }

  void Compute(Stretch& stretch) EXCLUDES(mutex_) {
    Status status = Fill(stretch);
    MutexLock lock(mutex_);
    if (!status.ok()) stretch.error = std::move(status).error();
    sample_count_ += stretch.sample_count;
    stretch.is_done = true;
    changed_.NotifyAll();
  }

  Status Fill(Stretch& stretch) const {
    const RowStreamPtr rows = open_(std::move(stretch.series), *stretch.context);
    while (true) {
      if (stretch.rows.size() == stretch.row_count) stretch.rows.emplace_back();
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, rows->Next(stretch.rows[stretch.row_count]));
      if (!has_row) return Ok();
      stretch.sample_count += SampleCountOf(stretch.rows[stretch.row_count]);
      ++stretch.row_count;
    }
  }

  const OpenRows open_;
  const std::size_t stretch_length_;
  const std::size_t ahead_max_;  // stretches that are computed or wait to be given out
  const Context& context_;
  std::atomic<bool> is_abandoned_ = false;  // a hint that comes early: relaxed suffices
  Mutex mutex_;
  CondVar changed_;
  std::unique_ptr<storage::SeriesSet> series_ GUARDED_BY(mutex_);  // those that nobody has taken
  std::deque<StretchPtr> taken_ GUARDED_BY(mutex_);                // in order
  std::vector<StretchPtr> free_ GUARDED_BY(mutex_);
  std::size_t helper_count_ GUARDED_BY(mutex_) = 0;
  std::size_t sample_count_ GUARDED_BY(mutex_) = 0;
  bool is_over_ GUARDED_BY(mutex_) = false;
};

class ParallelRows : public RowStream, private Context::Helpers {
 public:
  ParallelRows(std::shared_ptr<Sharing> sharing, StreamTraits traits, Context& context)
      : sharing_(std::move(sharing)), traits_(traits), context_(context) {
    context_.AddHelpers(*this);
  }
  ~ParallelRows() override {
    End();
    context_.RemoveHelpers(*this);
    context_.Release(held_);
  }

  Result<bool> Next(Row& row) override {
    while (true) {
      if (stretch_ != nullptr && next_ < stretch_->row_count) {
        // The row that comes back is the memory for one to come.
        std::swap(row, stretch_->rows[next_++]);
        return true;
      }
      stretch_ = sharing_->Next(std::move(stretch_));
      NARTHEX_TRY(HoldRows());
      if (stretch_ == nullptr) return false;
      next_ = 0;
      context_.Join(*stretch_->context);
      if (stretch_->error) return *stretch_->error;
      if (!has_asked_) AskForHelp();
    }
  }

  StreamTraits traits() const override { return traits_; }

 private:
  void End() override { context_.taken().Add(sharing_->End()); }

  // Accounts for the rows that are there now.
  Status HoldRows() {
    context_.Release(held_);
    held_ = sharing_->sample_count();
    return context_.Hold(held_);
  }

  void AskForHelp() {
    has_asked_ = true;
    Crew& crew = *context_.crew();
    for (std::size_t i = 0; i < crew.thread_count_max(); ++i) {
      sharing_->ExpectHelper();
      if (crew.Ask([sharing = sharing_] { sharing->Help(); })) continue;
      sharing_->ForgetHelper();
      return;
    }
  }

  const std::shared_ptr<Sharing> sharing_;  // with the helpers, which may leave late
  const StreamTraits traits_;
  Context& context_;
  StretchPtr stretch_;
  std::size_t next_ = 0;
  std::size_t held_ = 0;
  bool has_asked_ = false;
};

}  // namespace

RowStreamPtr OpenInParallel(std::unique_ptr<storage::SeriesSet> series, const OpenRows& open,
                            const ParallelOptions& options, Context& context) {
  const std::size_t length = StretchLength(options.step_count);
  const bool is_shared = context.crew() != nullptr && context.crew()->thread_count_max() > 0 &&
                         series->is_cuttable() && series->remaining_count() >= 2 * length;
  if (!is_shared) return open(std::move(series), context);
  return std::make_unique<ParallelRows>(
      std::make_shared<Sharing>(std::move(series), open, length, context), options.traits, context);
}

}  // namespace narthex::engine
