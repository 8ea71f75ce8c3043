// Reading of residual payloads: every length is checked here, before a kernel sees the bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "bits.h"
#include "chunk/page.h"
#include "kernels.h"
#include "residuals.h"

namespace narthex::chunk {

// Where `count` packed codes stand; the reader is behind them then. Empty if they are cut short.
std::optional<PackedRun> ReadRun(ByteReader& reader, std::size_t count, unsigned width);

// Packed codes of one width with patches to come.
struct PatchedRun {
  PackedRun run;
  std::size_t patch_count = 0;
};
std::optional<PatchedRun> ReadPatchedRun(ByteReader& reader, std::size_t count);

// Calls `patch(position, high_bits)` for each patch, which gives false to end. `high_bits` belong
// above the width and fit 64 bits there.
template <typename Patch>
bool ReadPatches(ByteReader& reader, const PatchedRun& patched, Patch patch) {
  if (patched.patch_count == 0) return true;
  const bool is_short = patched.run.count <= kShortPatchCountMax;
  const auto positions = reader.ReadBytes(patched.patch_count * (is_short ? 1 : 2));
  if (!positions || patched.run.width >= kPackedWidthMax) return false;
  const auto* position_at = reinterpret_cast<const unsigned char*>(positions->data());
  const std::uint64_t high_bits_max = LowBits(kPackedWidthMax - patched.run.width);
  const std::string_view bytes = reader.rest();
  std::size_t at = 0;
  for (std::size_t i = 0; i < patched.patch_count; ++i) {
    std::size_t position = *position_at++;
    if (!is_short) position |= std::size_t{*position_at++} << 8;
    std::uint64_t high_bits = 0;
    if (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) {
      // Nearly all, and this loop is what patches cost.
      high_bits = static_cast<unsigned char>(bytes[at++]);
    } else {
      ByteReader varint(bytes.substr(at));
      const auto wide = varint.ReadVarint();
      if (!wide) return false;
      high_bits = *wide;
      at += varint.offset();
    }
    if (position >= patched.run.count || high_bits > high_bits_max) return false;
    if (!patch(position, high_bits)) return false;
  }
  return reader.ReadBytes(at).has_value();
}

// Widths of blocks of kMiniBlockLength codes.
std::optional<std::span<const unsigned char>> ReadBlockWidths(ByteReader& reader,
                                                              std::size_t count);

// Reads codes of any width with their patches.
[[nodiscard]] bool ReadPatchedCodes(ByteReader& reader, std::span<std::uint64_t> codes);
// Reads codes with their patches that are below 2^kCodeWidthMax; false if one is not.
[[nodiscard]] bool ReadNarrowCodes(ByteReader& reader, std::span<std::uint32_t> codes);

// A bit for each residual: what kBitmap begins with.
struct ChangeBitmap {
  const unsigned char* bits = nullptr;
  std::size_t change_count = 0;
};
std::optional<ChangeBitmap> ReadChangeBitmap(ByteReader& reader, std::size_t count);

// Reads residuals of any kind, as PutResiduals wrote them.
[[nodiscard]] bool ReadResiduals(ByteReader& reader, ResidualKind kind, bool is_unsigned,
                                 std::span<std::int64_t> residuals);

}  // namespace narthex::chunk
