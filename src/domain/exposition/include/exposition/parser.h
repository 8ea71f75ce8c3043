// Reads an exposition entry by entry: the text format, OpenMetrics 1.0, protobuf.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "exposition/format.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/metadata.h"

namespace narthex::exposition {

enum class EntryKind {
  kEnd,        // nothing follows
  kSeries,     // a sample
  kType,       // metric, type
  kHelp,       // metric, text
  kUnit,       // metric, text; OpenMetrics and protobuf only
  kComment,    // text, with its #; text format only
  kHistogram,  // a sample that is a native histogram
};

struct ParserOptions {
  // Protobuf: what becomes of a histogram that has native buckets.
  bool keeps_native = true;
  bool keeps_classic = false;  // beside the native one; without native buckets always
  // A classic histogram without native buckets becomes a native one with its bounds, whatever the
  // format; its samples are kept beside it with keeps_classic.
  bool converts_classic = false;
  // OpenMetrics: _created lines are no samples, but tell since when others count.
  bool reads_created = false;
  // The labels __type__ and __unit__, where the body says what they are.
  bool with_type_and_unit = false;
};

// One line, or one sample of a message. The views point into the body or into the parser and hold
// until the next entry is read.
struct Entry {
  EntryKind kind = EntryKind::kEnd;

  // Of a sample: name and labels as they stand in the body, `up{job="a"}`. Of protobuf: bytes that
  // are the same for the same series and for no other one.
  std::string_view series;
  double value = 0;  // any NaN is the one of model::kNormalNanBits; of a histogram its sum
  std::optional<TimestampMs> timestamp;
  std::optional<TimestampMs> start_timestamp;        // since when it counts, if that is said
  const model::FloatHistogram* histogram = nullptr;  // not checked but for the sizes of its spans
  bool has_exemplar = false;

  // Of metadata: the metric family, unescaped.
  std::string_view metric;
  model::MetricType type = model::MetricType::kUnknown;
  std::string_view text;  // unescaped
};

struct Exemplar {
  model::LabelSet labels;
  double value = 0;
  std::optional<TimestampMs> timestamp;
};

class HistogramConverter;
class ProtobufReader;

// A pull parser over one body. Lenient where Prometheus is, with its error texts; it does not check
// what a strict OpenMetrics parser must (order of families, suffixes, units of samples).
//
// Memory: constant; no allocation per entry but for escaped texts and for what Labels() gives.
// Not synchronised. Source: docs of the text format; OpenMetrics 1.0; prometheus/client_model.
// Conformance: textparse.
class Parser {
 public:
  // `body` must outlive the parser.
  Parser(std::string_view body, Format format, ParserOptions options = {});
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // Reads one entry. After kEnd or an error it must not be called again.
  // Errors: kInvalidArgument  malformed; the message shows the place
  Result<EntryKind> Next();

  // The line that comes next, without its newline; empty if there is none, or if the body ends
  // within it, is protobuf, or histograms are converted. Nothing is read.
  std::string_view PeekLine() const;
  // Reads `line`, which PeekLine() gave, as a sample whose series is its first `series_size` bytes:
  // the series text of an entry read before, in this format. No label is looked at. False, and
  // nothing is read, if something else than a blank and a value stands behind.
  bool NextIfKnown(std::string_view line, std::size_t series_size);
  // Passes over `line`, which PeekLine() gave: metadata or a comment that was read before, with
  // `type` if it said one.
  void SkipLine(std::string_view line, std::optional<model::MetricType> type);

  // What is not read yet, at the beginning of a line.
  std::string_view rest() const;
  // Passes over the first `size` bytes of it: whole lines with samples that were read otherwise.
  void SkipSamples(std::size_t size);

  const Entry& entry() const;

  // The labels of the sample read, with its name. The values of `le` in histograms and `quantile`
  // in summaries become floats with a fraction: "1" is "1.0". After NextIfKnown() there are none to
  // ask for. Errors: kInvalidArgument  a label name is given twice
  Result<model::LabelSet> Labels();

  // Of the sample read; only where entry().has_exemplar. A native histogram may have several, of
  // which the first is given.
  Exemplar GetExemplar() const;
  std::vector<Exemplar> GetExemplars() const;

  // Bytes of the body read so far.
  std::size_t offset() const;
  // Where the entry read begins, if it was a line: what lies between the offset() before Next() and
  // this are lines with _created, which are no entries.
  std::size_t entry_offset() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;                     // of the text formats
  std::unique_ptr<ProtobufReader> messages_;       // of protobuf
  std::unique_ptr<HistogramConverter> converter_;  // instead of both, if histograms are converted
};

}  // namespace narthex::exposition
