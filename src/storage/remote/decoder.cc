#include "decoder.h"

#include <bit>

namespace narthex::remote {
namespace {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

struct SentSample {
  double value = 0;
  model::TimestampMs timestamp = 0;
  model::TimestampMs start_timestamp = 0;
};

SentSample DecodeSample(std::string_view bytes) {
  SentSample sample;
  protozero::pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::fixed64):
        sample.value = message.get_double();
        break;
      case tag_and_type(2, pbf_wire_type::varint):
        sample.timestamp = message.get_int64();
        break;
      case tag_and_type(3, pbf_wire_type::varint):
        sample.start_timestamp = message.get_int64();
        break;
      default:
        message.skip();
    }
  }
  return sample;
}

// The form in which every sender writes a sample today: value, then a time of six bytes. Reading it
// at once takes a small part of the general way's time, and it is nearly all that a request
// consists of.
constexpr std::size_t kUsualSize = 16;

bool DecodeUsualSample(std::string_view bytes, SentSample& sample) {
  if constexpr (std::endian::native != std::endian::little) return false;
  if (bytes.size() != kUsualSize || bytes[0] != 0x09 || bytes[9] != 0x10) return false;
  std::uint64_t time = 0;
  std::memcpy(&time, bytes.data() + 8, 8);
  time >>= 16;
  if ((time & 0x8080'8080'8080) != 0x0080'8080'8080) return false;
  // Seven bits of each byte: first pairs of them, then all.
  time = (time & 0x007f'007f'007f) | (time & 0x7f00'7f00'7f00) >> 1;
  time = (time & 0x3fff) | (time >> 2 & 0x3fff << 14) | (time >> 4 & std::uint64_t{0x3fff} << 28);
  std::memcpy(&sample.value, bytes.data() + 1, 8);
  sample.timestamp = static_cast<model::TimestampMs>(time);
  return true;
}

}  // namespace

void RequestBuilder::AddSample(std::string_view bytes) {
  SentSample sample;
  if (!DecodeUsualSample(bytes, sample)) sample = DecodeSample(bytes);
  Count(1);
  request_.values.push_back(sample.value);
  request_.timestamps.push_back(sample.timestamp);
  std::vector<model::TimestampMs>& starts = request_.start_timestamps;
  if (starts.empty() && sample.start_timestamp == 0) return;
  starts.resize(request_.values.size());
  starts.back() = sample.start_timestamp;
}

std::size_t RequestBuilder::AddUsualSamples(std::string_view bytes) {
  // Tag and length of the field stand before each.
  constexpr std::string_view kHead = "\x12\x10";
  std::size_t at = 0;
  SentSample sample;
  while (bytes.size() - at >= kHead.size() + kUsualSize &&
         bytes.substr(at, kHead.size()) == kHead &&
         DecodeUsualSample(bytes.substr(at + kHead.size(), kUsualSize), sample)) {
    at += kHead.size() + kUsualSize;
    Count(1);
    request_.values.push_back(sample.value);
    request_.timestamps.push_back(sample.timestamp);
  }
  if (at > 0 && !request_.start_timestamps.empty()) {
    request_.start_timestamps.resize(request_.values.size());
  }
  return at;
}

}  // namespace narthex::remote
