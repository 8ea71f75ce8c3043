// The record of samples that a batch record cannot carry: histograms, and those that came late.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/histogram.h"
#include "model/sample.h"

namespace narthex::wal {

struct SampleRecord {
  struct Sample {
    std::uint64_t ref = 0;
    model::TimestampMs timestamp = 0;
    double value = 0;  // of a histogram its sum
    // Null for a float. Shared, since the head keeps what the log was given.
    std::shared_ptr<const model::FloatHistogram> histogram;
  };
  std::uint64_t group = 0;
  std::vector<Sample> samples;
};

// Appends the bytes to `out`; the reader's errors are kCorruption with what is malformed.
// Source: docs/formats/wal.md, "Records"
void EncodeSamples(const SampleRecord& record, std::string& out);
Result<SampleRecord> DecodeSamples(std::string_view bytes);

}  // namespace narthex::wal
