// Writes metric families: text format 0.0.4 and 1.0.0, OpenMetrics 1.0 and 2.0, protobuf.
#pragma once

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

// Appends `family`. Names outside the legacy alphabet are escaped, or quoted with kNone.
//
// Text: info and stateset are gauges, a gauge histogram is a histogram. OpenMetrics 1.0: a counter
// without _total is unknown; an exemplar without labels is left out. Of native histograms the text
// formats before OpenMetrics 2.0 have count, sum and the bucket for +Inf. OpenMetrics 2.0: an
// exemplar without a time is left out. Conformance: exposition.
void WriteFamily(std::string& out, const MetricFamily& family, const WriteOptions& options);

// Appends what a format wants behind the last family.
void WriteEnd(std::string& out, Format format);

}  // namespace narthex::exposition
