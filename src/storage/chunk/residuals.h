// Residuals: what is left of the integers of a column when a transform has taken out the regular
// part. This side chooses how they are stored and stores them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace narthex::chunk {

enum ResidualKind : std::uint8_t {
  kFrameOfReference = 0,  // less the smallest one
  kZigZag = 1,
  kMiniZigZag = 2,  // a width for each block
  kSparse = 3,      // those that are not 0, and the gaps between them
  kZero = 4,        // nothing: all are 0
  kMiniFrameOfReference = 5,
  kBitmap = 6,  // a bit for each, and those that are not 0
};

// Residuals per width: short enough that a burst widens little, long enough that the width costs
// little.
inline constexpr std::size_t kMiniBlockLength = 64;
// In a width byte: patches follow the packed codes.
inline constexpr std::uint8_t kPatchedBit = 0x80;

// Patch positions are one byte where that suffices.
inline constexpr std::size_t kShortPatchCountMax = 256;

struct ResidualPlan {
  ResidualKind kind = kZero;
  bool is_unsigned = false;  // none is negative: stored as they are, not zigzag
  std::int64_t base = 0;     // the smallest, for the kinds less a base
  std::size_t size = 0;      // bytes, about; with a charge for what is slow to read
};

// The kind that stores `residuals`, at most kPageSampleCountMax, in the fewest bytes.
ResidualPlan PlanResiduals(std::span<const std::int64_t> residuals);

// Appends them as planned.
// Source: docs/formats/chunk.md, "Residuals"
void PutResiduals(std::span<const std::int64_t> residuals, const ResidualPlan& plan,
                  std::string& out);

}  // namespace narthex::chunk
