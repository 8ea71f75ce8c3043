#include "range_function.h"

#include <fmt/format.h>

#include "known_times.h"
#include "label_change.h"
#include "mixed_windows.h"
#include "parallel_rows.h"
#include "window_counter.h"

namespace narthex::engine {
namespace {

class RangeFunctionStream : public RowStream {
 public:
  RangeFunctionStream(const RangeFunction& function, RangeSource source, const StepGrid& grid,
                      std::vector<std::vector<double>> parameters, Context& context)
      : function_(function),
        source_(std::move(source)),
        grid_(grid),
        parameters_(std::move(parameters)),
        context_(context),
        is_subquery_(source_.expr->kind == promql::NodeKind::kSubquery),
        windows_tally_(context.ledger().WindowsOf(source_.expr)),
        counter_({source_.reference, source_.range_ms, source_.edges, context.lookback_ms()}, grid),
        mixed_(function,
               {grid, source_.reference, source_.range_ms, context.lookback_ms(), source_.edges,
                parameters_, meter_},
               HistogramNotes(context, source_.position)) {}

  Result<bool> Next(Row& row) override {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_series, source_.columns->Next(series_));
      if (!has_series) return false;
      row.Reset(grid_.count);
      if (series_.timestamps.empty()) continue;
      UseTimes();
      const WindowCounts counts = counter_.Of(series_, windows_);
      // Those of a subquery were counted when its rows were made.
      context_.taken().Add(
          {is_subquery_ ? 0 : counts.fresh, source_.is_in_subquery ? 0 : counts.all});
      NARTHEX_TRY(Compute(row));
      NARTHEX_TRY(Count(row, counts));
      if (!row.presence.Any()) continue;
      if (function_.expects_counter && HasFloat(row)) NoteIfNoCounter();
      row.labels = series_.labels;
      row.drops_name = series_.drops_name;
      if (!function_.keeps_name) DropName(row, context_);
      return true;
    }
  }

  StreamTraits traits() const override { return source_.traits; }

 private:
  static bool HasFloat(const Row& row) {
    if (!row.has_histograms()) return true;
    bool has_float = false;
    row.presence.ForEach(
        [&](std::size_t step) { has_float = has_float || row.HistogramAt(step) == nullptr; });
    return has_float;
  }

  void UseTimes() {
    if (times_.IsSame(series_.timestamps, series_.time_column_id)) return;
    ComputeWindows(series_.timestamps, grid_, source_.reference, source_.range_ms, windows_);
    counter_.Use(series_.timestamps, windows_);
  }

  Status Compute(Row& row) {
    if (source_.check_step) NARTHEX_TRY(CheckSteps());
    if (mixed_.IsFor(series_)) {
      mixed_.Compute(series_, row);
      return meter_.status();
    }
    function_.kernel({series_.timestamps, series_.values, windows_, grid_, source_.reference,
                      source_.range_ms, context_.lookback_ms(), parameters_, &meter_},
                     row);
    return meter_.status();
  }

  // For the samples limit.
  Status Count(const Row& row, const WindowCounts& counts) {
    windows_tally_.AddSeries(counts.largest, counts.last, SampleCountOf(row));
    windows_tally_.queryable.total += counts.all;
    windows_tally_.read.total += counts.fresh;
    if (context_.counts_steps()) counter_.AddSteps(series_, windows_, windows_tally_);
    if (windows_tally_.peak > context_.options().samples_max) return TooManySamples();
    return Ok();
  }

  // Whether the function looks at its parameters for the samples [begin, end).
  bool ConcernsParameters(std::size_t begin, std::size_t end) const {
    if (!source_.is_check_for_floats || series_.histograms.empty()) return begin != end;
    return std::ranges::count(series_.histograms.subspan(begin, end - begin), nullptr) > 0;
  }

  // Each step once: the parameters are the same for all series.
  Status CheckSteps() {
    checked_.resize(grid_.count);
    for (std::size_t i = 0; i < grid_.count; ++i) {
      if (checked_[i] || !ConcernsParameters(windows_.begin[i], windows_.end[i])) continue;
      checked_[i] = true;
      NARTHEX_TRY(source_.check_step(i));
    }
    return Ok();
  }

  void NoteIfNoCounter() {
    const std::string_view name = series_.labels.Get(model::kMetricName);
    if (name.empty() || name == noted_name_) return;
    if (context_.options().has_type_and_unit_labels) return NoteType(name);
    for (const std::string_view suffix : {"_total", "_sum", "_count", "_bucket"}) {
      if (name.ends_with(suffix)) return;
    }
    noted_name_ = name;
    context_.Inform(fmt::format("metric might not be a counter, name does not end in "
                                "_total/_sum/_count/_bucket: {}",
                                model::Quote(name)),
                    source_.position);
  }

  void NoteType(std::string_view name) {
    const std::string_view type = series_.labels.Get("__type__");
    if (type == "counter" || type == "histogram") return;
    context_.Inform(fmt::format("metric might not be a counter, __type__ label is not set to "
                                "\"counter\" or \"histogram\", got {}: {}",
                                model::Quote(type), model::Quote(name)),
                    source_.position);
  }

  const RangeFunction& function_;
  RangeSource source_;
  const StepGrid grid_;
  const std::vector<std::vector<double>> parameters_;
  Context& context_;
  const bool is_subquery_;
  WorkMeter meter_{context_};
  WindowTally& windows_tally_;
  WindowCounter counter_;
  MixedRange mixed_;
  SeriesColumns series_;
  Windows windows_;
  KnownTimes times_;  // those that `windows_` are of
  std::string noted_name_;
  std::vector<bool> checked_;  // steps whose parameters have been judged
};

const RangeFunction* Find(std::span<const RangeFunction> functions, std::string_view name) {
  for (const RangeFunction& function : functions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

}  // namespace

const RangeFunction* FindRangeFunction(std::string_view name, promql::RangeEdges edges) {
  if (edges != promql::RangeEdges::kPlain) return Find(EdgedFunctions(edges), name);
  for (const auto functions : {CounterFunctions(), OverTimeFunctions(), TrendFunctions()}) {
    if (const RangeFunction* found = Find(functions, name)) return found;
  }
  return nullptr;
}

RowStreamPtr ApplyRangeFunction(const RangeFunction& function, RangeSource source,
                                const StepGrid& grid, std::vector<std::vector<double>> parameters,
                                Context& context) {
  auto stream = std::make_unique<RangeFunctionStream>(function, std::move(source), grid,
                                                      std::move(parameters), context);
  if (function.keeps_name) return stream;
  return MergeIfNamesCollide(std::move(stream), grid.count, context);
}

RowStreamPtr ApplyRangeFunction(const RangeFunction& function, MatrixSelection selection,
                                const StepGrid& grid, Context& context) {
  const StreamTraits traits = selection.traits;
  std::unique_ptr<storage::SeriesSet> series = std::move(selection.series);
  const auto open = [&function, grid,
                     shared = std::make_shared<const MatrixSelection>(std::move(selection))](
                        std::unique_ptr<storage::SeriesSet> some, Context& own) {
    return std::make_unique<RangeFunctionStream>(function,
                                                 MakeMatrixSource(*shared, std::move(some), own),
                                                 grid, std::vector<std::vector<double>>(), own);
  };
  auto rows = OpenInParallel(std::move(series), open, {grid.count, traits}, context);
  if (function.keeps_name) return rows;
  return MergeIfNamesCollide(std::move(rows), grid.count, context);
}

}  // namespace narthex::engine
