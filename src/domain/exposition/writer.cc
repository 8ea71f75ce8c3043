#include "exposition/writer.h"

#include "family_writers.h"

namespace narthex::exposition {

FamilyWriter::FamilyWriter(WriteOptions options) : options_(options) {}

void FamilyWriter::Write(std::string& out, const MetricFamily& family, FamilyPart part) {
  if (options_.format == Format::kProtobuf) {
    if (part.is_first) metric_count_ = 0;
    metric_count_ += family.metrics.size();
    // A message is whole in memory, since its size stands in front of it.
    const bool is_full = metric_count_ >= kMessageMetricCountMax && !part.is_last;
    WriteFamilyAsProtobuf(out, message_, family, options_,
                          {part.is_first || starts_message_, part.is_last || is_full});
    starts_message_ = is_full;
    if (is_full) metric_count_ = 0;
  } else if (options_.format == Format::kOpenMetrics &&
             options_.open_metrics_version == OpenMetricsVersion::k2) {
    WriteFamilyAsOpenMetrics2(out, family, options_, part);
  } else {
    WriteFamilyAsLines(out, family, options_, part);
  }
}

void FamilyWriter::WriteEnd(std::string& out) const { exposition::WriteEnd(out, options_.format); }

void WriteFamily(std::string& out, const MetricFamily& family, const WriteOptions& options) {
  FamilyWriter(options).Write(out, family);
}

void WriteEnd(std::string& out, Format format) {
  if (format == Format::kOpenMetrics) out += "# EOF\n";
}

}  // namespace narthex::exposition
