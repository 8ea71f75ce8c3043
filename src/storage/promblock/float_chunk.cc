// Chunks of floats.
#include <fmt/format.h>

#include "base/bytes.h"
#include "bit_codes.h"
#include "chunk.h"

namespace narthex::promblock {
namespace {

Error CutShort() { return {ErrorCode::kCorruption, "chunk of floats is cut short"}; }

// Times of a chunk, advanced by differences; unsigned, so that nonsense wraps around.
struct TimeState {
  std::uint64_t time = 0;
  std::uint64_t difference = 0;

  void Advance(std::int64_t change) {
    difference += static_cast<std::uint64_t>(change);
    time += difference;
  }
};

// The value of an XOR2 chunk at hand. Staleness markers are told apart and leave it untouched.
class Xor2Value {
 public:
  explicit Xor2Value(std::uint64_t first) : bits_(first == model::kStaleNanBits ? 0 : first) {}

  double Same() const { return std::bit_cast<double>(bits_); }
  // Behind a change of the pace.
  double ReadAny(BitReader& bits) {
    switch (bits.ReadPrefix(3)) {
      case 0:
        break;
      case 1:
        ReadInWindow(bits, window_, bits_);
        break;
      case 2:
        ReadNewWindow(bits, window_, bits_);
        break;
      default:
        return model::StaleNan();
    }
    return Same();
  }
  // Where it is known to differ from the last one.
  double ReadOther(BitReader& bits) {
    if (bits.Read(1) == 0) {
      ReadInWindow(bits, window_, bits_);
    } else {
      ReadNewWindow(bits, window_, bits_);
    }
    return Same();
  }

 private:
  XorWindow window_;
  std::uint64_t bits_;
};

// A number of two's complement.
std::int64_t ReadTwos(BitReader& bits, unsigned width) {
  const std::uint64_t value = bits.Read(width);
  return static_cast<std::int64_t>(value << (64 - width)) >> (64 - width);
}

// Sample 2 and those behind it: time and value under one prefix.
double ReadJoint(BitReader& bits, TimeState& time, Xor2Value& value) {
  const unsigned prefix = bits.ReadPrefix(5);
  constexpr unsigned kWidths[] = {0, 0, 13, 20, 64, 0};
  const unsigned width = kWidths[prefix];
  time.Advance(width == 0 ? 0 : ReadTwos(bits, width));
  if (prefix == 0) return value.Same();
  if (prefix == 1) return value.ReadOther(bits);
  return prefix == 5 ? model::StaleNan() : value.ReadAny(bits);
}

}  // namespace

Status DecodeXorChunk(std::string_view bytes, DecodedSamples& out) {
  const auto count = ByteReader(bytes).ReadBigEndian16();
  if (!count) return CutShort();
  BitReader bits(bytes.substr(2));
  const std::size_t begin = out.times.size();
  out.times.resize(begin + *count);
  out.values.resize(begin + *count);
  model::TimestampMs* const times = out.times.data() + begin;
  double* const values = out.values.data() + begin;
  TimeState time;
  XorWindow window;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < *count; ++i) {
    if (i == 0) {
      time.time = static_cast<std::uint64_t>(bits.ReadSignedVarint());
      value = bits.Read(64);
    } else {
      time.Advance(i == 1 ? static_cast<std::int64_t>(bits.ReadVarint()) : ReadTimeCode(bits));
      ReadXorCode(bits, window, value);
    }
    if (!bits.ok()) return CutShort();
    times[i] = static_cast<std::int64_t>(time.time);
    values[i] = std::bit_cast<double>(value);
  }
  return Ok();
}

Status DecodeXor2Chunk(std::string_view bytes, DecodedSamples& out) {
  ByteReader head(bytes);
  const auto count = head.ReadBigEndian16();
  const auto start_header = head.ReadByte();
  if (!count || !start_header) return CutShort();
  BitReader bits(head.rest());
  StartTimeReader starts(*start_header);
  TimeState time;
  Xor2Value value(0);
  for (std::size_t i = 0; i < *count; ++i) {
    const auto previous = static_cast<std::int64_t>(time.time);
    double sample = 0;
    if (i == 0) {
      time.time = static_cast<std::uint64_t>(bits.ReadSignedVarint());
      const std::uint64_t first = bits.Read(64);
      value = Xor2Value(first);
      sample = std::bit_cast<double>(first);
    } else if (i == 1) {
      time.Advance(static_cast<std::int64_t>(bits.ReadVarint()));
      sample = value.ReadAny(bits);
    } else {
      sample = ReadJoint(bits, time, value);
    }
    const auto now = static_cast<std::int64_t>(time.time);
    const model::TimestampMs start = starts.Read(bits, i, now, previous);
    if (!bits.ok()) return CutShort();
    out.times.push_back(now);
    out.values.push_back(sample);
    out.SetStartTime(start);
  }
  return Ok();
}

EncodedChunk EncodeXorChunk(const storage::SampleColumns& columns, std::size_t begin) {
  const bool may_have_histograms = !columns.histograms.empty();
  std::size_t end = begin + 1;
  while (end < columns.timestamps.size() && end - begin < kChunkSampleCountMax &&
         !(may_have_histograms && columns.histograms[end] != nullptr)) {
    ++end;
  }
  EncodedChunk chunk;
  chunk.min_time = columns.timestamps[begin];
  chunk.max_time = columns.timestamps[end - 1];
  chunk.sample_count = end - begin;
  PutBigEndian16(chunk.bytes, static_cast<std::uint16_t>(chunk.sample_count));
  BitWriter bits(chunk.bytes);
  XorWriter values;
  bits.WriteSignedVarint(chunk.min_time);
  values.WriteFirst(bits, columns.values[begin]);
  std::uint64_t last_difference = 0;
  for (std::size_t i = begin + 1; i < end; ++i) {
    const std::uint64_t difference = static_cast<std::uint64_t>(columns.timestamps[i]) -
                                     static_cast<std::uint64_t>(columns.timestamps[i - 1]);
    if (i == begin + 1) {
      bits.WriteVarint(difference);
    } else {
      WriteTimeCode(bits, static_cast<std::int64_t>(difference - last_difference));
    }
    last_difference = difference;
    values.Write(bits, columns.values[i]);
  }
  bits.Finish();
  return chunk;
}

}  // namespace narthex::promblock
