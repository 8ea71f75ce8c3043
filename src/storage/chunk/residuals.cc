#include "residuals.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.h"
#include "bits.h"
#include "chunk/page.h"
#include "decimal.h"

namespace narthex::chunk {
namespace {

using Codes = std::array<std::uint64_t, kPageSampleCountMax>;

unsigned WidthOf(std::uint64_t code) { return static_cast<unsigned>(std::bit_width(code)); }

std::size_t VarintSize(std::uint64_t value) { return (WidthOf(value | 1) + 6) / 7; }

// How many codes have each width.
class WidthCounts {
 public:
  explicit WidthCounts(std::span<const std::uint64_t> codes) {
    // Four counters for each width: neighbours often have the same, and each would wait for the
    // other's to be stored.
    std::size_t i = 0;
    for (; i + 4 <= codes.size(); i += 4) {
      ++counts_[0][WidthOf(codes[i])];
      ++counts_[1][WidthOf(codes[i + 1])];
      ++counts_[2][WidthOf(codes[i + 2])];
      ++counts_[3][WidthOf(codes[i + 3])];
    }
    for (; i < codes.size(); ++i) ++counts_[0][WidthOf(codes[i])];
    for (std::size_t width = 0; width <= kPackedWidthMax; ++width) {
      counts_[0][width] = static_cast<std::uint16_t>(counts_[0][width] + counts_[1][width] +
                                                     counts_[2][width] + counts_[3][width]);
    }
  }

  std::size_t operator[](std::size_t width) const { return counts_[0][width]; }

 private:
  std::array<std::array<std::uint16_t, kPackedWidthMax + 1>, 4> counts_{};
};

// One width for all; wider codes keep their low bits and are patched.
struct PatchedPlan {
  unsigned width = 0;
  std::size_t patch_count = 0;
  std::size_t size = 0;
};

PatchedPlan PlanPatched(std::span<const std::uint64_t> codes, std::uint64_t largest) {
  const WidthCounts counts(codes);
  const unsigned widest = WidthOf(largest);
  PatchedPlan best{widest, 0, 1 + PackedSize(codes.size(), widest)};
  // Reading a patch is slow; a byte each is what that is worth.
  const std::size_t patch_size = (codes.size() <= kShortPatchCountMax ? 1 : 2) + 1;
  std::size_t patch_count = 0;
  std::size_t high_size = 0;  // of the varints of what is above `width`
  for (unsigned width = widest; width > 0;) {
    // With a bit less here each varint has one more: every seventh time that is a byte.
    for (unsigned wide = width; wide <= widest; wide += 7) high_size += counts[wide];
    patch_count += counts[width--];
    if (patch_count > codes.size() / 4) break;
    const std::size_t size =
        2 + PackedSize(codes.size(), width) + patch_count * patch_size + high_size;
    if (size < best.size) best = {width, patch_count, size};
  }
  return best;
}

std::uint64_t Largest(std::span<const std::uint64_t> codes) {
  // Only its width matters.
  std::uint64_t all = 0;
  for (const std::uint64_t code : codes) all |= code;
  return all;
}

PatchedPlan PlanPatched(std::span<const std::uint64_t> codes) {
  return PlanPatched(codes, Largest(codes));
}

void PutPatched(std::span<const std::uint64_t> codes, std::string& out) {
  const PatchedPlan plan = PlanPatched(codes);
  out.push_back(static_cast<char>(plan.width | (plan.patch_count > 0 ? kPatchedBit : 0)));
  if (plan.patch_count > 0) PutVarint(out, plan.patch_count);
  Pack(codes, plan.width, out);
  if (plan.patch_count == 0) return;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] >> plan.width == 0) continue;
    if (codes.size() <= kShortPatchCountMax) {
      out.push_back(static_cast<char>(i));
    } else {
      PutLittleEndian16(out, static_cast<std::uint16_t>(i));
    }
  }
  for (const std::uint64_t code : codes) {
    if (code >> plan.width != 0) PutVarint(out, code >> plan.width);
  }
}

template <typename Do>
void ForMiniBlocks(std::span<const std::uint64_t> codes, Do with_block) {
  for (std::size_t at = 0; at < codes.size(); at += kMiniBlockLength) {
    with_block(codes.subspan(at, std::min(kMiniBlockLength, codes.size() - at)));
  }
}

std::size_t MiniSize(std::span<const std::uint64_t> codes) {
  std::size_t size = 0;
  ForMiniBlocks(codes,
                [&](auto block) { size += 1 + PackedSize(block.size(), WidthOf(Largest(block))); });
  return size;
}

void PutMini(std::span<const std::uint64_t> codes, std::string& out) {
  // Widths first: with them a reader knows the length of all.
  ForMiniBlocks(codes,
                [&](auto block) { out.push_back(static_cast<char>(WidthOf(Largest(block)))); });
  ForMiniBlocks(codes, [&](auto block) { Pack(block, WidthOf(Largest(block)), out); });
}

std::uint64_t CodeOf(std::int64_t residual, bool is_unsigned) {
  return is_unsigned ? static_cast<std::uint64_t>(residual) : ZigZag(residual);
}

// The residuals that are not 0, less one, and how many 0 stand before each.
struct Changes {
  Codes codes;
  Codes gaps;
  std::size_t count = 0;

  Changes(std::span<const std::int64_t> residuals, bool is_unsigned) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      // Written always, kept if not 0: no branch to guess wrong.
      codes[count] = CodeOf(residuals[i], is_unsigned) - 1;
      gaps[count] = i - next;
      const bool is_change = residuals[i] != 0;
      count += is_change ? 1 : 0;
      next = is_change ? i + 1 : next;
    }
  }

  std::span<const std::uint64_t> used_codes() const { return std::span(codes).first(count); }
  std::span<const std::uint64_t> used_gaps() const { return std::span(gaps).first(count); }
};

void Consider(ResidualKind kind, std::size_t size, ResidualPlan& best) {
  if (size >= best.size) return;
  best.kind = kind;
  best.size = size;
}

// What stores only changes: where less than that is zeros it cannot win.
void PlanChanges(std::span<const std::int64_t> residuals, std::size_t change_count,
                 ResidualPlan& best) {
  if (change_count > residuals.size() * 7 / 8) return;
  const Changes changes(residuals, best.is_unsigned);
  const std::size_t codes_size = PlanPatched(changes.used_codes()).size;
  Consider(kBitmap, (residuals.size() + 7) / 8 + codes_size, best);
  if (change_count >= residuals.size() / 4) return;
  Consider(kSparse, VarintSize(change_count) + PlanPatched(changes.used_gaps()).size + codes_size,
           best);
}

struct Extent {
  std::int64_t smallest;
  std::int64_t largest;
  std::size_t change_count = 0;
};

Extent ExtentOf(std::span<const std::int64_t> residuals) {
  Extent extent{residuals[0], residuals[0]};
  for (const std::int64_t residual : residuals) {
    extent.smallest = std::min(extent.smallest, residual);
    extent.largest = std::max(extent.largest, residual);
    extent.change_count += residual != 0 ? 1 : 0;
  }
  return extent;
}

std::span<const std::uint64_t> LessBase(std::span<const std::int64_t> residuals, std::int64_t base,
                                        Codes& codes) {
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    codes[i] = static_cast<std::uint64_t>(residuals[i]) - static_cast<std::uint64_t>(base);
  }
  return std::span<const std::uint64_t>(codes).first(residuals.size());
}

std::span<const std::uint64_t> CodesOf(std::span<const std::int64_t> residuals, bool is_unsigned,
                                       Codes& codes) {
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    codes[i] = CodeOf(residuals[i], is_unsigned);
  }
  return std::span<const std::uint64_t>(codes).first(residuals.size());
}

}  // namespace

ResidualPlan PlanResiduals(std::span<const std::int64_t> residuals) {
  ResidualPlan best;
  if (residuals.empty()) return best;
  const Extent extent = ExtentOf(residuals);
  if (extent.change_count == 0) return best;

  best.is_unsigned = extent.smallest >= 0;
  best.base = extent.smallest;
  Codes buffer;
  const bool has_blocks = residuals.size() > kMiniBlockLength;
  const auto codes = CodesOf(residuals, best.is_unsigned, buffer);
  best.kind = kZigZag;
  best.size = PlanPatched(codes).size;
  if (has_blocks) Consider(kMiniZigZag, MiniSize(codes), best);
  PlanChanges(residuals, extent.change_count, best);
  if (extent.smallest == 0) return best;

  const auto range =
      static_cast<std::uint64_t>(extent.largest) - static_cast<std::uint64_t>(extent.smallest);
  const auto above = LessBase(residuals, best.base, buffer);
  const std::size_t base_size = VarintSize(ZigZag(best.base));
  Consider(kFrameOfReference, base_size + PlanPatched(above, range).size, best);
  if (has_blocks) Consider(kMiniFrameOfReference, base_size + MiniSize(above), best);
  return best;
}

void PutResiduals(std::span<const std::int64_t> residuals, const ResidualPlan& plan,
                  std::string& out) {
  Codes buffer;
  switch (plan.kind) {
    case kZero:
      return;
    case kFrameOfReference:
      PutSignedVarint(out, plan.base);
      return PutPatched(LessBase(residuals, plan.base, buffer), out);
    case kMiniFrameOfReference:
      PutSignedVarint(out, plan.base);
      return PutMini(LessBase(residuals, plan.base, buffer), out);
    case kZigZag:
      return PutPatched(CodesOf(residuals, plan.is_unsigned, buffer), out);
    case kMiniZigZag:
      return PutMini(CodesOf(residuals, plan.is_unsigned, buffer), out);
    case kSparse: {
      const Changes changes(residuals, plan.is_unsigned);
      PutVarint(out, changes.count);
      PutPatched(changes.used_gaps(), out);
      return PutPatched(changes.used_codes(), out);
    }
    case kBitmap: {
      const std::size_t start = out.size();
      out.resize(start + (residuals.size() + 7) / 8);
      for (std::size_t i = 0; i < residuals.size(); ++i) {
        const unsigned bit = residuals[i] != 0 ? 1u << (i & 7) : 0;
        char& byte = out[start + i / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | bit);
      }
      return PutPatched(Changes(residuals, plan.is_unsigned).used_codes(), out);
    }
  }
}

}  // namespace narthex::chunk
