// Writes metric families: text format 0.0.4 and OpenMetrics 1.0.
#pragma once

#include <string>

#include "exposition/format.h"
#include "exposition/metric_family.h"
#include "model/name_escaping.h"

namespace narthex::exposition {

struct WriteOptions {
  Format format = Format::kText;  // one of the two text formats
  model::NameEscaping escaping = model::NameEscaping::kNone;
  bool with_created = false;  // _created lines; OpenMetrics only
};

// Appends `family`. Names outside the legacy alphabet are escaped, or quoted with kNone.
//
// Text: info and stateset are gauges, a gauge histogram is a histogram. OpenMetrics: a counter
// without _total is unknown; an exemplar without labels is left out. Conformance: exposition.
void WriteFamily(std::string& out, const MetricFamily& family, const WriteOptions& options);

// Appends what a format wants behind the last family.
void WriteEnd(std::string& out, Format format);

}  // namespace narthex::exposition
