#include "exposition/writer.h"

#include "family_writers.h"

namespace narthex::exposition {

void WriteFamily(std::string& out, const MetricFamily& family, const WriteOptions& options) {
  if (options.format == Format::kProtobuf) {
    WriteFamilyAsProtobuf(out, family, options);
  } else if (options.format == Format::kOpenMetrics &&
             options.open_metrics_version == OpenMetricsVersion::k2) {
    WriteFamilyAsOpenMetrics2(out, family, options);
  } else {
    WriteFamilyAsLines(out, family, options);
  }
}

void WriteEnd(std::string& out, Format format) {
  if (format == Format::kOpenMetrics) out += "# EOF\n";
}

}  // namespace narthex::exposition
