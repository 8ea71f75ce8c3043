// How samples leave a store: series by series, each as decoded columns.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/alive.h"
#include "base/result.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/sample.h"

namespace narthex::storage {

// Samples of one series, oldest first, no timestamp twice, staleness markers included.
// Does not own the columns: they live until the SeriesSet that gave them moves on.
struct SampleColumns {
  std::span<const model::TimestampMs> timestamps;
  std::span<const double> values;  // as many; of a native histogram its sum
  // Two columns with the same id, other than 0, hold the same timestamps: windows computed for one
  // serve the other. Ids are unique within one Querier.
  std::uint64_t time_column_id = 0;
  // Empty if all samples are floats, else as many: null where the sample is a float.
  std::span<const model::FloatHistogram* const> histograms = {};
  // Empty if none is known, else as many, 0 where not known.
  std::span<const model::TimestampMs> start_timestamps = {};
};

// The next `count` samples of a series as the store keeps them: by chunk::EncodeValues or
// chunk::EncodeHistograms, readable without a context.
struct EncodedPage {
  std::string_view bytes;
  std::size_t count = 0;
  bool is_histogram = false;
};

// The samples of one series, for who stores them anew. Lives as SampleColumns does.
struct EncodedColumns {
  std::span<const model::TimestampMs> timestamps;
  std::uint64_t time_column_id = 0;    // as in SampleColumns
  std::span<const EncodedPage> pages;  // their counts add up to the timestamps
  // Empty if none is known, else as many as timestamps.
  std::span<const model::TimestampMs> start_timestamps = {};
};

// What the caller will do with the series; a store may use it to read less, never to give less than
// [from, until] of the querier.
struct SelectHints {
  // Only samples of this part are needed; inside the querier's range.
  model::TimeRange range = {};
  // Sets in order of labels; where false, any order.
  bool is_sorted = true;
  // The label sets only: samples() is never called.
  bool is_labels_only = false;
  // Of each series only the newest sample in `range` is looked at, a staleness marker among them:
  // all others may be missing. A store that has it at hand then decodes nothing.
  bool is_newest_only = false;
  // labels() needs to have no others than these; null: all are needed. Shared with the sets.
  std::shared_ptr<const std::vector<std::string>> label_names = nullptr;
  // Part `shard_index` of `shard_count` of the series, for reading in parallel; every series is in
  // exactly one part, and always in the same.
  std::uint32_t shard_index = 0;
  std::uint32_t shard_count = 1;
  // Stop after this many series; 0 is no limit.
  std::size_t series_count_max = 0;
  // Asked now and then by Select() and, where it passes over many series, by Next(); its errors are
  // theirs. Thread-safe; takes no locks.
  AliveCheck check_alive = {};
};

// The same of names and values.
struct ListHints {
  std::size_t limit = 0;  // 0: none
  AliveCheck check_alive = {};
};

// Stands for a way to number series, see Querier::numbering().
using SeriesNumbering = std::array<std::uint64_t, 2>;

// A cursor over series. Not thread-safe, but sets that were cut off from one another may be used by
// several threads at once.
class SeriesSet {
 public:
  virtual ~SeriesSet() = default;

  // Moves on to the next series, first of all to the first. False at the end and on an error: see
  // status().
  virtual bool Next() = 0;
  // Lives until the next call of Next(). Cost: where sets are not sorted, a store may put the
  // labels together only now; who does not need them does not ask.
  virtual const model::LabelSet& labels() const = 0;
  // Of the series at the cursor, if the querier numbers them.
  virtual std::uint64_t number() const { return 0; }
  // Decodes the series at the cursor. The columns live until the next call of Next() or samples().
  // Errors: kCorruption  a page of the series does not pass its checks
  virtual Result<SampleColumns> samples() = 0;
  // The same without decoding what is kept as pages; empty if the store keeps none, or decoding
  // costs no more. The columns live until the next call of Next(), samples() or encoded().
  virtual Result<std::optional<EncodedColumns>> encoded() {
    return std::optional<EncodedColumns>();
  }
  virtual Status status() const = 0;

  // Whether the set can be cut, before the first call of Next(); the three below are for such sets
  // only.
  virtual bool is_cuttable() const { return false; }
  // How many series follow at most.
  virtual std::size_t remaining_count() const { return 0; }
  // The labels of the `index`-th of those that follow, counted from 0 and below remaining_count();
  // empty if the series is gone meanwhile.
  virtual model::LabelSet LabelsAhead(std::size_t /*index*/) const { return {}; }
  // The same of the number, if the querier numbers them.
  virtual std::uint64_t NumberAhead(std::size_t /*index*/) const { return 0; }
  // Cuts off about `count` (at most remaining_count()) of those that follow first into a set of
  // their own. Both together give what this one would have given, in the same order.
  virtual std::unique_ptr<SeriesSet> TakeAhead(std::size_t /*count*/) { return nullptr; }
};

// Names or values, sorted; and whether a limit cut them short.
struct LabelList {
  std::vector<std::string> entries;
  bool is_truncated = false;
};

// A consistent view of a store over one time range: what is appended later is not seen.
// Thread-safe: several Selects may run at once. Must not outlive its store.
class Querier {
 public:
  virtual ~Querier() = default;

  // The series that all `matchers` accept and that have samples in the range (a store may include
  // some that have none).
  virtual Result<std::unique_ptr<SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                    const SelectHints& hints) = 0;

  // Of queriers with equal numberings equal series have equal numbers, which rise in order of
  // labels: who merges them need not compare labels. Empty: series have no numbers.
  virtual std::optional<SeriesNumbering> numbering() const { return std::nullopt; }

  // All names, or all values of `name`, of the series that all `matchers` accept.
  virtual Result<LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                       const ListHints& hints) = 0;
  virtual Result<LabelList> LabelValues(std::string_view name,
                                        std::span<const model::Matcher> matchers,
                                        const ListHints& hints) = 0;
};

// A store that can be read. Thread-safe.
class Queryable {
 public:
  virtual ~Queryable() = default;

  // Errors: kUnavailable  the store is still starting
  virtual Result<std::unique_ptr<Querier>> OpenQuerier(model::TimeRange range) = 0;
};

// The exemplars of one series, oldest first.
struct SeriesExemplars {
  model::LabelSet labels;
  std::vector<model::Exemplar> exemplars;
};

// A store that keeps exemplars. Thread-safe.
class ExemplarQueryable {
 public:
  virtual ~ExemplarQueryable() = default;

  // Of the series that all matchers of any of `selectors` accept, in order of labels; series
  // without exemplars in `range` are left out.
  virtual Result<std::vector<SeriesExemplars>> SelectExemplars(
      model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) = 0;
};

}  // namespace narthex::storage
