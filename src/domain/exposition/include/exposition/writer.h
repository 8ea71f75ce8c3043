// Writes metric families: text format 0.0.4 and 1.0.0, OpenMetrics 1.0 and 2.0, protobuf.
#pragma once

#include <cstddef>
#include <string>

#include "exposition/format.h"
#include "exposition/metric_family.h"
#include "model/name_escaping.h"

namespace narthex::exposition {

enum class OpenMetricsVersion {
  k1,
  k2,  // the release candidate: one line for a histogram or summary, start times in it
};

// How messages of Format::kProtobuf follow one another. Only the first is for machines.
enum class ProtobufForm {
  kDelimited,    // a varint with the size before each
  kText,         // protobuf's text form, a field a line, an empty line behind each
  kCompactText,  // the same, a message a line
};

struct WriteOptions {
  Format format = Format::kText;
  model::NameEscaping escaping = model::NameEscaping::kNone;
  bool with_created = false;  // _created lines; OpenMetrics 1.0 only, the others always have them
  OpenMetricsVersion open_metrics_version = OpenMetricsVersion::k1;
  ProtobufForm protobuf_form = ProtobufForm::kDelimited;
};

// Which part of a family is written: all of it, if nothing is said.
struct FamilyPart {
  bool is_first = true;
  bool is_last = true;
};

// Writes families one after another, each as a whole or in parts: parts have the family's metadata
// and some of its metrics each, so that no family need be in memory as a whole.
//
// Names outside the legacy alphabet are escaped, or quoted with kNone. Text: info and stateset are
// gauges, a gauge histogram is a histogram. OpenMetrics 1.0: a counter without _total is unknown;
// an exemplar without labels is left out. Of native histograms the text formats before
// OpenMetrics 2.0 have count, sum and the bucket for +Inf. OpenMetrics 2.0: an exemplar without a
// time is left out. Protobuf: a message is held until its last part; of a family that comes in
// parts it ends when it has kMessageMetricCountMax metrics or more, and another one of the same
// name follows. Conformance: exposition.
class FamilyWriter {
 public:
  // Half as many again as a family of the client library may have by default: some megabytes.
  static constexpr std::size_t kMessageMetricCountMax = 15'000;

  explicit FamilyWriter(WriteOptions options);

  // Appends `family`, or a part of it.
  void Write(std::string& out, const MetricFamily& family, FamilyPart part = {});
  // Appends what the format wants behind the last family.
  void WriteEnd(std::string& out) const;

 private:
  const WriteOptions options_;
  std::string message_;           // protobuf: what was written of the family, kept for its memory
  std::size_t metric_count_ = 0;  // in it
  bool starts_message_ = false;
};

// Appends `family`, as FamilyWriter does.
void WriteFamily(std::string& out, const MetricFamily& family, const WriteOptions& options);

// Appends what a format wants behind the last family.
void WriteEnd(std::string& out, Format format);

}  // namespace narthex::exposition
