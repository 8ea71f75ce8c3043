// Brings a decoded request into the store.
#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "series_cache.h"
#include "storage/appender.h"
#include "write_content.h"
#include "write_request.h"

namespace narthex::remote {

struct WriteOutcome {
  std::vector<std::string> faults;  // of what was refused: bad request; the first ones
  std::size_t fault_count = 0;
  // Stored.
  std::size_t sample_count = 0;
  std::size_t histogram_count = 0;
  std::size_t exemplar_count = 0;
  std::size_t exemplar_out_of_order_count = 0;
  std::size_t without_metadata_count = 0;
  // Samples and histograms left out for the labels of their series, and the first reason.
  std::size_t invalid_labels_count = 0;
  std::string invalid_labels_reason;
};

struct AppendParts {
  storage::Appender& appender;
  SeriesCache& cache;
  model::TimestampMs latest = 0;  // what is later is out of bounds
  bool keeps_exemplars = false;
};

// The life of one request. Not thread-safe. `request` must outlive it.
//
// Samples go to the store in one batch for each group of series, all batches together, so that the
// store has all that is accepted of a request or nothing. Series of one target are put into
// one group when they come for the first time, so that they share their times; a group holds no
// series of another request's first appearance, for a sender's connections may run apart.
class RequestAppend {
 public:
  RequestAppend(const AppendParts& parts, const WriteRequest& request, WriteMessage message);

  // Of 1.0 the first fault ends it, and nothing is stored.
  // Errors: of the store, which then has nothing of it; to be tried again
  Result<WriteOutcome> Run();

 private:
  // Samples, or histograms, of the series of one group.
  struct Part {
    storage::GroupRef group = 0;
    std::vector<storage::SeriesRef> series;
    std::vector<double> values;
    std::vector<model::TimestampMs> timestamps;
    std::vector<model::TimestampMs> start_timestamps;
    std::vector<const model::FloatHistogram*> histograms;

    storage::Batch AsBatch() const;
    // Samples [begin, end) of the request.
    void AddSamples(storage::SeriesRef ref, const WriteRequest& request, std::uint32_t begin,
                    std::uint32_t end);
  };
  // All that goes to the store; the batches point into the rest.
  struct Parts {
    std::vector<Part> samples;
    std::vector<Part> histograms;
    std::vector<storage::SeriesExemplar> exemplars;
    std::vector<storage::Batch> batches;
  };

  bool is_v1() const { return message_ == WriteMessage::kV1; }
  bool has_failed() const { return is_v1() && outcome_.fault_count > 0; }
  void AddFault(std::string text, std::size_t count = 1);
  std::string Describe(std::uint32_t series_index) const;

  void CheckTimes();
  void CheckSampleTimes();
  Status FindSeries();
  Status ResolveFresh(const std::vector<std::uint32_t>& fresh);
  void NoteInvalid(std::uint32_t series_index, const Error& error);
  void CheckEmpty();
  Part& PartOf(std::vector<Part>& parts, storage::GroupRef group) const;
  std::vector<Part> SampleParts() const;
  std::vector<Part> HistogramParts() const;
  std::vector<storage::SeriesExemplar> Exemplars() const;
  Parts MakeParts() const;
  void CountWithoutMetadata();
  Status AppendAll();
  void NoteOutcomes(const Parts& parts, std::span<const storage::AppendOutcome> outcomes);
  void NoteRefused(const storage::Batch& batch, const storage::AppendOutcome& outcome);
  Status ResolveAgain(const std::unordered_set<storage::SeriesRef>& dropped);

  const AppendParts parts_;
  const WriteRequest& request_;
  const WriteMessage message_;
  std::vector<KnownSeries> known_;  // by index of the series; series 0: left out
  WriteOutcome outcome_;
};

}  // namespace narthex::remote
