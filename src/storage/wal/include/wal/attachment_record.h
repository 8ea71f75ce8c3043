// The records of what some samples carry besides their value: start times and exemplars.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/exemplar.h"
#include "model/sample.h"

namespace narthex::wal {

// From `from` on the samples of the series count since `start`; 0: not known.
struct StartRecord {
  struct Change {
    std::uint64_t ref = 0;
    model::TimestampMs from = 0;
    model::TimestampMs start = 0;
  };
  std::vector<Change> changes;
};

struct ExemplarRecord {
  struct Entry {
    std::uint64_t ref = 0;
    model::Exemplar exemplar;
  };
  std::vector<Entry> entries;
};

// Each appends its bytes to `out`; the reader's errors are kCorruption with what is malformed.
// Source: docs/formats/wal.md, "Records"
void EncodeStarts(const StartRecord& record, std::string& out);
Result<StartRecord> DecodeStarts(std::string_view bytes);

void EncodeExemplars(const ExemplarRecord& record, std::string& out);
Result<ExemplarRecord> DecodeExemplars(std::string_view bytes);

}  // namespace narthex::wal
