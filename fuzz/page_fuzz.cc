// Pages, time columns and open ends: any bytes are decoded or refused; what is encoded comes back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "chunk/page.h"
#include "chunk/value_tail.h"
#include "model/sample.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t count = 1 + (bytes[0] | bytes[1] << 8) % narthex::chunk::kPageSampleCountMax;
  const std::string_view rest(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  std::vector<double> values(count);
  std::vector<narthex::model::TimestampMs> times(count);
  (void)narthex::chunk::DecodeValues(rest, values);
  (void)narthex::chunk::DecodeTimes(rest, times);
  (void)narthex::chunk::ValueTail::Decode(rest, bytes[0], values);

  std::vector<double> own(std::min(rest.size() / 8, narthex::chunk::kPageSampleCountMax));
  if (own.empty()) return 0;
  std::memcpy(own.data(), rest.data(), own.size() * 8);
  std::string page;
  narthex::chunk::EncodeValues(own, page);
  std::vector<double> back(own.size());
  NARTHEX_CHECK(narthex::chunk::DecodeValues(page, back).ok(), "a page decodes");
  NARTHEX_CHECK(std::memcmp(own.data(), back.data(), own.size() * 8) == 0, "bit for bit");
  narthex::chunk::ValueTail tail;
  for (const double value : own) tail.Append(value);
  tail.Decode(back);
  NARTHEX_CHECK(std::memcmp(own.data(), back.data(), own.size() * 8) == 0, "bit for bit");
  return 0;
}
