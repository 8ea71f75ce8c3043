// How samples enter a store: whole batches, series resolved beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::storage {

// A series of one store while the process runs; 0 is none. Never reused for another series.
using SeriesRef = std::uint64_t;

// Series that are sampled together (a target's scrape) and so share one time column; 0 is none:
// each series has its own times.
using GroupRef = std::uint64_t;

struct SeriesExemplar {
  SeriesRef series = 0;
  model::Exemplar exemplar;
};

// One scrape, or what a remote write request has of one group. Does not own what it points to.
struct Batch {
  GroupRef group = 0;
  // The time of every sample, unless `timestamps` gives one for each.
  model::TimestampMs timestamp = 0;
  std::span<const model::TimestampMs> timestamps = {};  // empty, or as long as `series`
  std::span<const SeriesRef> series = {};
  std::span<const double> values = {};  // as long as `series`
  // Empty, or as long as `series`: where not null the sample is that native histogram, which is
  // valid (model::Validate), and its entry in `values` is not looked at. The staleness marker of a
  // series of histograms is one whose sum is model::StaleNan().
  std::span<const model::FloatHistogram* const> histograms = {};
  // Since when each sample counts ("created"); empty, or as long as `series`, 0 where not known.
  std::span<const model::TimestampMs> start_timestamps = {};
  // Of series that need not be in `series`.
  std::span<const SeriesExemplar> exemplars = {};
  // Samples that are not newer than the newest of their series are passed over: they count nowhere
  // and never as late ones.
  bool passes_over_old = false;
  // If a single sample is refused, or its series unknown, nothing is appended; the outcome still
  // says what was refused.
  bool is_all_or_nothing = false;
};

// What became of a batch. Samples that are refused do not keep the others out.
struct AppendOutcome {
  std::size_t appended_count = 0;  // a repeat of the newest sample, bit for bit, counts as appended
  std::size_t out_of_order_count = 0;
  std::size_t duplicate_count = 0;          // the newest timestamp again, with another value
  std::size_t out_of_bounds_count = 0;      // older than anything the store still accepts
  std::size_t too_old_count = 0;            // behind the out-of-order window, where there is one
  std::size_t exemplar_appended_count = 0;  // a repeat counts
  std::size_t exemplar_out_of_order_count = 0;
  // Positions in the batch whose series the store has dropped meanwhile: resolve their label sets
  // anew and append these samples again.
  std::vector<std::size_t> unknown_series = {};
};

// Thread-safe: several threads may append at once, each batch becomes visible to queries as a
// whole.
class Appender {
 public:
  virtual ~Appender() = default;

  // A new group. Groups live as long as one of their series.
  virtual GroupRef NewGroup() = 0;

  // The reference of each label set, in order, creating series that do not exist. A series belongs
  // to the group that resolved it last. Errors: kResourceExhausted  the limit of series is reached;
  // none was created
  //         kNoSpace, kIo       the log could not be written; none was created
  virtual Result<std::vector<SeriesRef>> Resolve(GroupRef group,
                                                 std::span<const model::LabelSet> labels) = 0;

  // Adds the samples. When this returns, the batch is in the log (design: acknowledged).
  // Errors: kNoSpace, kIo       the log could not be written; nothing of the batch was added
  //         kResourceExhausted  more than the log takes at once; nothing was added
  virtual Result<AppendOutcome> Append(const Batch& batch) = 0;

  // Adds several batches, in order, as one: a crash or an error leaves all of them or none, and
  // queries see all of them or none. Nothing is appended if a batch that is all or nothing has
  // refusals, or if a series of any batch is unknown; the outcomes, one a batch, still say what
  // was.
  // Errors: kNoSpace, kIo       the log could not be written; nothing was added
  //         kResourceExhausted  more than the log takes at once; nothing was added
  virtual Result<std::vector<AppendOutcome>> AppendTogether(std::span<const Batch> batches) = 0;
};

}  // namespace narthex::storage
