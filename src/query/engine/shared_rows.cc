#include "shared_rows.h"

#include <algorithm>
#include <utility>

#include "ledger.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

// 64 KiB of values: allocators do not return that to the system each time.
constexpr std::size_t kPieceValueCount = std::size_t{8} << 10;
// A row takes as long as so many samples, whatever its steps.
constexpr std::size_t kRowCost = 64;

class SharedReader : public RowStream {
 public:
  SharedReader(std::shared_ptr<SharedRows> rows, OpenAgain again, Context& context)
      : rows_(std::move(rows)),
        again_(std::move(again)),
        meter_(context),
        own_context_(context.Repeat()) {}

  Result<bool> Next(Row& row) override {
    if (!meter_.MayGoOn(kRowCost + rows_->step_count())) return meter_.status().error();
    if (own_ == nullptr) {
      if (rows_->Has(next_)) return rows_->Read(next_++, row);
      NARTHEX_TRY(OpenOwn(row));
    }
    return own_->Next(row);
  }

  StreamTraits traits() const override { return rows_->traits(); }

 private:
  // Goes on from where this reader is.
  Status OpenOwn(Row& row) {
    NARTHEX_ASSIGN_OR_RETURN(own_, again_(*own_context_));
    for (std::size_t i = 0; i < next_; ++i) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, own_->Next(row));
      if (!has_row) return Error{ErrorCode::kInternal, "series are gone that were read before"};
    }
    return Ok();
  }

  const std::shared_ptr<SharedRows> rows_;
  const OpenAgain again_;
  WorkMeter meter_;
  const std::unique_ptr<Context> own_context_;
  RowStreamPtr own_;
  std::size_t next_ = 0;
};

}  // namespace

std::size_t SharedRows::rows_per_piece() const {
  return std::max<std::size_t>(kPieceValueCount / step_count_, 1);
}

const double* SharedRows::ValuesOf(std::size_t index) const {
  return &pieces_[index / rows_per_piece()][index % rows_per_piece() * step_count_];
}

Result<bool> SharedRows::ReadSource(Row& row) {
  const TakenSamples before = context_.taken();
  NARTHEX_ASSIGN_OR_RETURN(const bool has_row, source_->Next(row));
  const TakenSamples& after = context_.taken();
  const TakenSamples taken = {after.read - before.read, after.queryable - before.queryable};
  if (has_row) {
    ++read_count_;
    Keep(row, taken);
  } else {
    is_at_end_ = true;
    taken_last_ = taken;
  }
  return has_row;
}

Result<bool> SharedRows::Read(std::size_t index, Row& row) {
  if (index >= read_count_) {
    if (!is_at_end_) return ReadSource(row);
    context_.taken().Add(taken_last_);
    return false;
  }
  const KeptRow& kept = rows_[index];
  context_.taken().Add(kept.taken);
  row.labels = kept.labels;
  row.drops_name = kept.drops_name;
  const double* values = ValuesOf(index);
  row.values.assign(values, values + step_count_);
  row.histograms = kept.histograms;
  if (kept.is_full) {
    row.presence.SetAll(step_count_);
  } else {
    row.presence = kept.presence;
  }
  return true;
}

void SharedRows::Keep(const Row& row, const TakenSamples& taken) {
  if (is_dropped_) return;
  const std::size_t byte_count = sizeof(KeptRow) + row.labels.encoded().size();
  const std::size_t count = std::max(SampleCountOf(row), step_count_) + byte_count / sizeof(double);
  if (!context_.Keep(count)) {
    is_dropped_ = true;
    rows_.clear();
    pieces_.clear();
    context_.GiveUp(std::exchange(kept_samples_, 0));
    return;
  }
  kept_samples_ += count;
  if (rows_.size() % rows_per_piece() == 0) {
    // Where there is a second piece, it will mostly be full.
    const std::size_t expected = pieces_.empty() ? step_count_ : rows_per_piece() * step_count_;
    pieces_.emplace_back().reserve(expected);
  }
  pieces_.back().insert(pieces_.back().end(), row.values.begin(),
                        row.values.begin() + static_cast<std::ptrdiff_t>(step_count_));
  KeptRow& kept = rows_.emplace_back();
  kept.taken = taken;
  kept.labels = row.labels;
  kept.drops_name = row.drops_name;
  kept.is_full = row.presence.Count() == step_count_;
  if (!kept.is_full) kept.presence = row.presence;
  kept.histograms = row.histograms;
}

RowStreamPtr ReadShared(std::shared_ptr<SharedRows> rows, OpenAgain again, Context& context) {
  return std::make_unique<SharedReader>(std::move(rows), std::move(again), context);
}

}  // namespace narthex::engine
