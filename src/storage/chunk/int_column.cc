#include "int_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "chunk/page.h"
#include "decimal.h"

namespace narthex::chunk {
namespace {

// Values per width: short enough that a burst widens little, long enough that the width costs
// little.
constexpr std::size_t kMiniBlockLength = 64;
// Residuals of residuals of 52-bit integers need 54 bits and a sign; one read of 8 bytes, shifted
// by up to 7 bits, holds 57.
constexpr unsigned kWidthMax = 57;

enum Transform : std::uint8_t { kPlain = 0, kDelta = 1, kDelta2 = 2 };
// Numbers shared with the full format, of which this is a part.
enum Kind : std::uint8_t { kMini = 2, kZero = 4, kBitmap = 6 };

using Residuals = std::array<std::uint64_t, kPageSampleCountMax>;

unsigned WidthOf(std::span<const std::uint64_t> residuals) {
  std::uint64_t all = 0;
  for (const std::uint64_t residual : residuals) all |= residual;
  return static_cast<unsigned>(std::bit_width(all));
}

std::size_t PackedSize(std::size_t count, unsigned width) { return (count * width + 7) / 8; }

std::size_t MiniSize(std::span<const std::uint64_t> residuals) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < residuals.size(); at += kMiniBlockLength) {
    const auto block = residuals.subspan(at, std::min(kMiniBlockLength, residuals.size() - at));
    size += 1 + PackedSize(block.size(), WidthOf(block));
  }
  return size;
}

void Pack(std::span<const std::uint64_t> residuals, unsigned width, std::string& out) {
  std::size_t bit = 0;
  const std::size_t start = out.size();
  out.resize(start + PackedSize(residuals.size(), width));
  for (const std::uint64_t residual : residuals) {
    // Byte by byte: a width is rarely above three bytes, and encoding is not the hot side.
    std::uint64_t rest = residual << (bit & 7);
    for (std::size_t at = start + bit / 8; rest != 0; ++at, rest >>= 8) {
      out[at] = static_cast<char>(static_cast<unsigned char>(out[at]) | (rest & 0xff));
    }
    bit += width;
  }
}

void PutMini(std::span<const std::uint64_t> residuals, std::string& out) {
  for (std::size_t at = 0; at < residuals.size(); at += kMiniBlockLength) {
    const auto block = residuals.subspan(at, std::min(kMiniBlockLength, residuals.size() - at));
    const unsigned width = WidthOf(block);
    out.push_back(static_cast<char>(width));
    Pack(block, width, out);
  }
}

// Eight bytes from `at` on, zeros behind the end.
std::uint64_t LoadWord(std::string_view bytes, std::size_t at) {
  std::uint64_t word = 0;
  if (at + sizeof(word) <= bytes.size()) {
    std::memcpy(&word, bytes.data() + at, sizeof(word));
  } else if (at < bytes.size()) {
    std::memcpy(&word, bytes.data() + at, bytes.size() - at);
  }
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

bool ReadMini(ByteReader& reader, std::span<std::uint64_t> residuals) {
  for (std::size_t at = 0; at < residuals.size(); at += kMiniBlockLength) {
    const auto block = residuals.subspan(at, std::min(kMiniBlockLength, residuals.size() - at));
    const auto width = reader.ReadByte();
    if (!width || *width > kWidthMax) return false;
    const auto packed = reader.ReadBytes(PackedSize(block.size(), *width));
    if (!packed) return false;
    // Reading on into the next block's bytes is harmless, they are masked away; it spares the slow
    // end.
    const std::string_view bytes(packed->data(), packed->size() + reader.remaining());
    const std::uint64_t mask = (std::uint64_t{1} << *width) - 1;
    std::size_t bit = 0;
    for (std::uint64_t& residual : block) {
      residual = (LoadWord(bytes, bit / 8) >> (bit & 7)) & mask;
      bit += *width;
    }
  }
  return true;
}

// A bit per residual that is not zero, and these, less one.
void PutBitmap(std::span<const std::uint64_t> residuals, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + (residuals.size() + 7) / 8);
  Residuals changed;
  std::size_t changed_count = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    if (residuals[i] == 0) continue;
    out[start + i / 8] =
        static_cast<char>(static_cast<unsigned char>(out[start + i / 8]) | 1u << (i & 7));
    changed[changed_count++] = residuals[i] - 1;
  }
  PutMini(std::span(changed).first(changed_count), out);
}

bool ReadBitmap(ByteReader& reader, std::span<std::uint64_t> residuals) {
  const auto bits = reader.ReadBytes((residuals.size() + 7) / 8);
  if (!bits) return false;
  const auto is_set = [&](std::size_t i) {
    return ((static_cast<unsigned char>((*bits)[i / 8]) >> (i & 7)) & 1) != 0;
  };
  std::size_t changed_count = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) changed_count += is_set(i) ? 1 : 0;
  Residuals changed;
  if (!ReadMini(reader, std::span(changed).first(changed_count))) return false;
  std::size_t next = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    residuals[i] = is_set(i) ? changed[next++] + 1 : 0;
  }
  return true;
}

std::size_t BitmapSize(std::span<const std::uint64_t> residuals) {
  Residuals changed;
  std::size_t changed_count = 0;
  for (const std::uint64_t residual : residuals) {
    if (residual != 0) changed[changed_count++] = residual - 1;
  }
  return (residuals.size() + 7) / 8 + MiniSize(std::span(changed).first(changed_count));
}

struct Plan {
  Transform transform = kPlain;
  Kind kind = kMini;
  std::size_t size = 0;
};

Plan BestKind(Transform transform, std::span<const std::uint64_t> residuals, std::size_t extra) {
  if (WidthOf(residuals) == 0) return {transform, kZero, extra};
  const std::size_t mini = MiniSize(residuals);
  const auto zero_count = std::ranges::count(residuals, std::uint64_t{0});
  // Below a quarter of zeros the bitmap costs more than it saves.
  if (static_cast<std::size_t>(zero_count) * 4 >= residuals.size()) {
    const std::size_t bitmap = BitmapSize(residuals);
    if (bitmap < mini) return {transform, kBitmap, bitmap + extra};
  }
  return {transform, kMini, mini + extra};
}

// What stays of each integer behind the first (plain, delta) or the first two (delta2).
std::size_t MakeResiduals(std::span<const std::int64_t> x, Transform transform, Residuals& out) {
  const std::size_t skipped = transform == kDelta2 ? 2 : 1;
  for (std::size_t i = skipped; i < x.size(); ++i) {
    std::int64_t residual = 0;
    if (transform == kPlain) residual = x[i];
    if (transform == kDelta) residual = x[i] - x[i - 1];
    if (transform == kDelta2) residual = x[i] - 2 * x[i - 1] + x[i - 2];
    out[i - skipped] = ZigZag(residual);
  }
  return x.size() - skipped;
}

}  // namespace

void EncodeIntegers(std::span<const std::int64_t> integers, std::string& out) {
  NARTHEX_CHECK(!integers.empty() && integers.size() <= kPageSampleCountMax,
                "columns have 1 to 1024 integers");
  Residuals residuals;
  Plan best;
  best.size = static_cast<std::size_t>(-1);
  for (const Transform transform : {kDelta, kDelta2, kPlain}) {
    if (transform == kDelta2 && integers.size() < 3) continue;
    const std::size_t count = MakeResiduals(integers, transform, residuals);
    // The first step of delta2 is a varint; four bytes are what it costs about.
    const Plan plan =
        BestKind(transform, std::span(residuals).first(count), transform == kDelta2 ? 4 : 0);
    if (plan.size < best.size) best = plan;
    if (best.size == 0) break;
  }

  out.push_back(static_cast<char>(best.transform | best.kind << 2));
  PutSignedVarint(out, integers[0]);
  if (best.transform == kDelta2) PutSignedVarint(out, integers[1] - integers[0]);
  const std::size_t count = MakeResiduals(integers, best.transform, residuals);
  const auto used = std::span<const std::uint64_t>(residuals).first(count);
  if (best.kind == kMini) PutMini(used, out);
  if (best.kind == kBitmap) PutBitmap(used, out);
}

namespace {

bool ReadResiduals(ByteReader& reader, std::uint8_t kind, std::span<std::uint64_t> residuals) {
  switch (kind) {
    case kZero:
      std::ranges::fill(residuals, 0);
      return true;
    case kMini:
      return ReadMini(reader, residuals);
    case kBitmap:
      return ReadBitmap(reader, residuals);
    default:
      return false;
  }
}

// Sums in unsigned arithmetic: damaged bytes may overflow, which must stay defined.
std::uint64_t Signed(std::uint64_t zigzag) { return static_cast<std::uint64_t>(UnZigZag(zigzag)); }

}  // namespace

std::optional<std::size_t> PayloadOffset(std::string_view column) {
  ByteReader reader(column);
  const auto head = reader.ReadByte();
  if (!head || (*head & kSharedBit) != 0 || !reader.ReadSignedVarint()) return std::nullopt;
  if ((*head & 3) == kDelta2 && !reader.ReadSignedVarint()) return std::nullopt;
  return reader.offset();
}

bool DecodeIntegers(std::string_view bytes, std::string_view shared,
                    std::span<std::int64_t> integers) {
  ByteReader reader(bytes);
  const auto head = reader.ReadByte();
  const auto first = reader.ReadSignedVarint();
  if (!head || !first || integers.empty() || integers.size() > kPageSampleCountMax) return false;
  const std::uint8_t transform = *head & 3;
  if (transform > kDelta2 || (*head >> 5 & ~2) != 0) return false;

  integers[0] = *first;
  std::uint64_t step = 0;
  std::size_t known = 1;
  if (transform == kDelta2) {
    const auto first_step = reader.ReadSignedVarint();
    if (!first_step || integers.size() < 2) return false;
    step = static_cast<std::uint64_t>(*first_step);
    integers[1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(*first) + step);
    known = 2;
  }
  Residuals residuals;
  const auto used = std::span(residuals).first(integers.size() - known);
  const std::uint8_t kind = (*head >> 2) & 7;
  if ((*head & kSharedBit) != 0) {
    const auto place = reader.ReadVarint();
    if (!place || *place > shared.size() || !reader.empty()) return false;
    ByteReader payload(shared.substr(static_cast<std::size_t>(*place)));
    if (!ReadResiduals(payload, kind, used)) return false;
  } else if (!ReadResiduals(reader, kind, used) || !reader.empty()) {
    return false;
  }

  std::uint64_t value = static_cast<std::uint64_t>(integers[known - 1]);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const std::uint64_t residual = Signed(used[i]);
    if (transform == kDelta2) {
      step += residual;
      value += step;
    } else {
      value = transform == kDelta ? value + residual : residual;
    }
    integers[known + i] = static_cast<std::int64_t>(value);
  }
  return true;
}

}  // namespace narthex::chunk
