#include "label_change.h"

#include <array>
#include <deque>

#include "label_map.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

constexpr std::string_view kTypeLabel = "__type__";
constexpr std::string_view kUnitLabel = "__unit__";
// To take a row in takes as long as so many samples.
constexpr std::size_t kRowCost = 64;

class MergedStream : public RowStream {
 public:
  MergedStream(RowStreamPtr input, std::size_t step_count, Context& context)
      : input_(std::move(input)), step_count_(step_count), context_(context) {}
  ~MergedStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (!has_read_) NARTHEX_TRY(ReadAll());
    if (next_ >= rows_.size()) return End();
    row = std::move(rows_[next_++]);
    return true;
  }
  StreamTraits traits() const override { return {input_->traits().has_one_name, false}; }

 private:
  Status ReadAll() {
    has_read_ = true;
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) return Ok();
      // The input may have all its rows at hand.
      if (!meter_.MayGoOn(kRowCost)) return meter_.status();
      NARTHEX_TRY(Add(row));
    }
  }

  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(index_.Free(meter_));
    NARTHEX_TRY(FreeWhileAlive(rows_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  Status Add(Row& row) {
    const auto place = index_.TryEmplace(row.labels, rows_.size());
    if (place.is_new) {
      held_ += step_count_;
      NARTHEX_TRY(context_.Hold(step_count_));
      rows_.push_back(std::move(row));
      return Ok();
    }
    Row& kept = rows_[place.value];
    if (kept.presence.Overlaps(row.presence)) {
      return ExecutionError("vector cannot contain metrics with the same labelset");
    }
    if (row.has_histograms() || kept.has_histograms()) {
      row.presence.ForEach([&](std::size_t i) { kept.CopyStep(row, i); });
    } else {
      row.presence.ForEach([&](std::size_t i) { kept.values[i] = row.values[i]; });
    }
    kept.presence.Union(row.presence);
    kept.drops_name = kept.drops_name || row.drops_name;
    return Ok();
  }

  const RowStreamPtr input_;
  const std::size_t step_count_;
  Context& context_;
  bool has_read_ = false;
  std::deque<Row> rows_;
  LabelMap<std::size_t> index_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::size_t next_ = 0;
  std::size_t held_ = 0;
};

}  // namespace

model::LabelSet WithoutName(const model::LabelSet& labels) {
  if (!labels.Has(kTypeLabel) && !labels.Has(kUnitLabel)) return labels.DropMetricName();
  static const std::array<std::string, 3> kNames = {
      std::string(model::kMetricName), std::string(kTypeLabel), std::string(kUnitLabel)};
  return labels.Drop(kNames);
}

void DropName(Row& row, const Context& context) {
  if (context.delays_name_removal()) {
    row.drops_name = true;
  } else {
    row.labels = WithoutName(row.labels);
  }
}

RowStreamPtr MergeRepeats(RowStreamPtr input, std::size_t step_count, Context& context) {
  return std::make_unique<MergedStream>(std::move(input), step_count, context);
}

RowStreamPtr MergeIfNamesCollide(RowStreamPtr input, std::size_t step_count, Context& context) {
  if (context.delays_name_removal() || input->traits().has_one_name) return input;
  return MergeRepeats(std::move(input), step_count, context);
}

}  // namespace narthex::engine
