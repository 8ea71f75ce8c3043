// The data of single chunks, as values and back.
// Source: docs/formats/prometheus-block.md, "Chunks".
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/histogram.h"
#include "model/sample.h"
#include "storage/querier.h"

namespace narthex::promblock {

enum class ChunkKind : std::uint8_t {
  kXor = 1,
  kHistogram = 2,
  kFloatHistogram = 3,
  // With start timestamps.
  kXor2 = 4,
  kHistogramStart = 5,
  kFloatHistogramStart = 6,
};

// So much a single chunk may decode to: an honest one of 120 samples stays far below.
inline constexpr std::uint64_t kDecodedChunkSizeMax = std::uint64_t{64} << 20;

// What a chunk says of a counter reset between the one before it and itself; the two highest bits
// of a byte in front.
enum class ResetHeader : std::uint8_t { kUnknown = 0, kNotReset = 1, kReset = 2, kGauge = 3 };

// Samples of one series as they come out of its chunks.
struct DecodedSamples {
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  // Both empty, or as many as times; the histograms pointed to are in `histograms`.
  std::vector<const model::FloatHistogram*> histogram_at;
  std::vector<model::TimestampMs> start_times;
  std::deque<model::FloatHistogram> histograms;

  void Clear();
  void AddHistogram(model::TimestampMs time, model::FloatHistogram histogram);
  // Of the sample added last.
  void SetStartTime(model::TimestampMs start);
  // Brings the columns to one length.
  void Finish();
  storage::SampleColumns Columns() const;
};

// Adds the samples of a chunk to `out`; on an error `out` holds some of them.
// Errors: kCorruption   cut short, or values that cannot be
//         kUnsupported  `kind` is not one of ChunkKind
//         kResourceExhausted  kDecodedChunkSizeMax
Status DecodeChunk(std::uint8_t kind, std::string_view bytes, DecodedSamples& out);

Status DecodeXorChunk(std::string_view bytes, DecodedSamples& out);
Status DecodeXor2Chunk(std::string_view bytes, DecodedSamples& out);
// All four kinds of histogram chunks.
Status DecodeHistogramChunk(ChunkKind kind, std::string_view bytes, DecodedSamples& out);

// Samples per chunk that we write. Source: Prometheus, which cuts its chunks there.
inline constexpr std::size_t kChunkSampleCountMax = 120;

// One chunk of a series.
struct EncodedChunk {
  ChunkKind kind = ChunkKind::kXor;
  std::string bytes;
  model::TimestampMs min_time = 0;
  model::TimestampMs max_time = 0;
  std::size_t sample_count = 0;
};

// The chunk that holds the samples from position `begin` on: as many as fit into one, at least one.
// Histograms must be valid (model::Validate).
EncodedChunk EncodeChunk(const storage::SampleColumns& columns, std::size_t begin);

EncodedChunk EncodeXorChunk(const storage::SampleColumns& columns, std::size_t begin);
EncodedChunk EncodeHistogramChunk(const storage::SampleColumns& columns, std::size_t begin);

// Start times of a chunk: when they begin to be known and to change, and the one at hand.
class StartTimeReader {
 public:
  explicit StartTimeReader(std::uint8_t header)
      : is_first_known_((header & 0x80) != 0), changed_on_(header & 0x7f) {}

  // The start of sample `index`, 0 if not known; to be called behind each sample's other values.
  // `previous` is the time of the sample before it.
  model::TimestampMs Read(class BitReader& bits, std::size_t index, model::TimestampMs time,
                          model::TimestampMs previous);

 private:
  const bool is_first_known_;
  const std::size_t changed_on_;
  std::uint64_t difference_ = 0;
  model::TimestampMs start_ = 0;
};

}  // namespace narthex::promblock
