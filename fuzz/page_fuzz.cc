// Pages, time columns, histograms and open ends: any bytes are decoded or refused, by every set of
// kernels alike; what is encoded comes back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "chunk/histogram_page.h"
#include "chunk/page.h"
#include "chunk/shared_payloads.h"
#include "chunk/value_tail.h"
#include "kernels.h"
#include "model/sample.h"

namespace narthex::chunk {
namespace {

using Values = std::vector<double>;

bool SameBits(const Values& a, const Values& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// The bytes as a page and as all else, in memory of just their size. `heap_size` of them are the
// heap.
void DecodeAny(std::string_view bytes, std::size_t count, std::size_t heap_size) {
  const std::vector<char> heap(bytes.begin(),
                               bytes.begin() + static_cast<std::ptrdiff_t>(heap_size));
  const std::vector<char> page(bytes.begin() + static_cast<std::ptrdiff_t>(heap_size), bytes.end());
  const std::string_view rest(page.data(), page.size());
  Values values(count);
  const Values parent(count, 7);
  std::vector<model::TimestampMs> times(count);
  (void)DecodeValues(rest, values);
  (void)DecodeValues(rest, PageContext{.shared = {heap.data(), heap.size()}, .parent = parent},
                     values);
  (void)DecodeTimes(rest, times);
  (void)ValueTail::Decode(rest, static_cast<std::uint32_t>(heap_size), values);
  (void)HasParent(rest);
  (void)IsConstant(rest);
  (void)SharedPlace(rest);
  // Few samples: columns of many buckets are as long as the page has room for.
  std::vector<model::FloatHistogram> histograms;
  (void)DecodeHistograms(rest, 1 + count % 32, histograms);

  SharedPayloads shared;
  std::string out;
  shared.Count(rest);
  shared.Count(rest);
  shared.Rewrite(rest, out);
}

// Two pages of the same values, one of them sharing with the other, and their difference to others.
void CheckLinked(const Values& values, const std::string& page) {
  SharedPayloads shared;
  shared.Count(page);
  shared.Count(page);
  std::string rewritten;
  shared.Rewrite(page, rewritten);
  Values back(values.size());
  const PageContext context{.shared = shared.heap(), .parent = {}};
  NARTHEX_CHECK(DecodeValues(rewritten, context, back).ok(), "a rewritten page decodes");
  NARTHEX_CHECK(SameBits(values, back), "bit for bit");

  Values parent(values);
  std::ranges::reverse(parent);
  std::string difference;
  if (!EncodeDifference(values, parent, 1 << 20, difference)) return;
  const PageContext with_parent{.shared = {}, .parent = parent};
  NARTHEX_CHECK(DecodeValues(difference, with_parent, back).ok(), "a difference decodes");
  NARTHEX_CHECK(SameBits(values, back), "bit for bit");
}

void CheckOwn(const Values& values) {
  std::string page;
  EncodeValues(values, page);
  Values back(values.size());
  NARTHEX_CHECK(DecodeValues(page, back).ok(), "a page decodes");
  NARTHEX_CHECK(SameBits(values, back), "bit for bit");
  CheckLinked(values, page);

  ValueTail tail;
  for (const double value : values) tail.Append(value);
  tail.Decode(back);
  NARTHEX_CHECK(SameBits(values, back), "bit for bit");
}

// The bytes as values: as doubles, as integers, and as decimals that sum up.
void EncodeAny(std::string_view bytes) {
  Values doubles(std::min(bytes.size() / 8, kPageSampleCountMax));
  if (doubles.empty()) return;
  std::memcpy(doubles.data(), bytes.data(), doubles.size() * 8);
  CheckOwn(doubles);

  Values steps(std::min(bytes.size(), kPageSampleCountMax));
  double sum = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i] = sum += static_cast<double>(static_cast<signed char>(bytes[i]));
  }
  CheckOwn(steps);
  for (double& value : steps) value /= 100;
  CheckOwn(steps);
}

}  // namespace
}  // namespace narthex::chunk

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace chunk = narthex::chunk;
  if (size < 3) return 0;
  const std::size_t count =
      1 + (bytes[0] | std::size_t{bytes[1]} << 8) % chunk::kPageSampleCountMax;
  const std::string_view rest(reinterpret_cast<const char*>(bytes) + 3, size - 3);
  const std::size_t heap_size = std::min<std::size_t>(bytes[2], rest.size());
  for (const chunk::Kernels* kernels : {&chunk::PortableKernels(), chunk::Avx2Kernels()}) {
    if (kernels == nullptr) continue;
    chunk::UseKernels(*kernels);
    chunk::DecodeAny(rest, count, heap_size);
    chunk::EncodeAny(rest);
  }
  return 0;
}
