// One function for each format a family can be written in.
#pragma once

#include <string>

#include "exposition/writer.h"

namespace narthex::exposition {

// Text format and OpenMetrics 1.0.
void WriteFamilyAsLines(std::string& out, const MetricFamily& family, const WriteOptions& options,
                        FamilyPart part);
// OpenMetrics 2.0: one line a metric.
void WriteFamilyAsOpenMetrics2(std::string& out, const MetricFamily& family,
                               const WriteOptions& options, FamilyPart part);
// io.prometheus.client.MetricFamily; `message` holds what was written of it before.
void WriteFamilyAsProtobuf(std::string& out, std::string& message, const MetricFamily& family,
                           const WriteOptions& options, FamilyPart part);

}  // namespace narthex::exposition
