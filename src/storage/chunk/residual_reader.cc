#include "residual_reader.h"

#include <algorithm>
#include <bit>

#include "decimal.h"

namespace narthex::chunk {
namespace {

using Codes = std::array<std::uint64_t, kPageSampleCountMax>;

std::span<const unsigned char> Unsigned(std::string_view bytes) {
  return {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()};
}

bool ReadMiniCodes(ByteReader& reader, std::span<std::uint64_t> codes) {
  const auto widths = ReadBlockWidths(reader, codes.size());
  if (!widths) return false;
  std::uint64_t* at = codes.data();
  std::size_t left = codes.size();
  for (const unsigned width : *widths) {
    const auto run = ReadRun(reader, std::min(left, kMiniBlockLength), width);
    if (!run) return false;
    CurrentKernels().unpack(*run, at);
    at += run->count;
    left -= run->count;
  }
  return true;
}

std::int64_t ChangeOf(std::uint64_t code, bool is_unsigned) {
  return is_unsigned ? static_cast<std::int64_t>(code + 1) : UnZigZag(code + 1);
}

bool ReadSparse(ByteReader& reader, bool is_unsigned, std::span<std::int64_t> residuals) {
  const auto count = reader.ReadVarint();
  if (!count || *count > residuals.size()) return false;
  Codes gap_buffer, code_buffer;
  const auto gaps = std::span(gap_buffer).first(static_cast<std::size_t>(*count));
  const auto codes = std::span(code_buffer).first(gaps.size());
  if (!ReadPatchedCodes(reader, gaps) || !ReadPatchedCodes(reader, codes)) return false;
  std::ranges::fill(residuals, 0);
  std::size_t at = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i, ++at) {
    if (gaps[i] >= residuals.size() - at) return false;
    at += static_cast<std::size_t>(gaps[i]);
    residuals[at] = ChangeOf(codes[i], is_unsigned);
  }
  return true;
}

bool ReadBitmap(ByteReader& reader, bool is_unsigned, std::span<std::int64_t> residuals) {
  const auto bitmap = ReadChangeBitmap(reader, residuals.size());
  if (!bitmap) return false;
  std::array<std::uint64_t, kPageSampleCountMax + 1> codes;
  if (!ReadPatchedCodes(reader, std::span(codes).first(bitmap->change_count))) return false;
  // Read, not used, where no change is left.
  codes[bitmap->change_count] = 0;
  const std::uint64_t* code = codes.data();
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const int bit = (bitmap->bits[i / 8] >> (i & 7)) & 1;
    residuals[i] = -std::int64_t{bit} & ChangeOf(*code, is_unsigned);
    code += bit;
  }
  return true;
}

}  // namespace

std::optional<PackedRun> ReadRun(ByteReader& reader, std::size_t count, unsigned width) {
  const std::string_view rest = reader.rest();
  if (!reader.ReadBytes(PackedSize(count, width))) return std::nullopt;
  return PackedRun{reinterpret_cast<const unsigned char*>(rest.data()), rest.size(), count, width};
}

std::optional<PatchedRun> ReadPatchedRun(ByteReader& reader, std::size_t count) {
  const auto head = reader.ReadByte();
  if (!head) return std::nullopt;
  PatchedRun patched;
  if ((*head & kPatchedBit) != 0) {
    const auto patch_count = reader.ReadVarint();
    if (!patch_count || *patch_count > count) return std::nullopt;
    patched.patch_count = static_cast<std::size_t>(*patch_count);
  }
  const unsigned width = *head & ~unsigned{kPatchedBit};
  if (width > kPackedWidthMax) return std::nullopt;
  const auto run = ReadRun(reader, count, width);
  if (!run) return std::nullopt;
  patched.run = *run;
  return patched;
}

std::optional<std::span<const unsigned char>> ReadBlockWidths(ByteReader& reader,
                                                              std::size_t count) {
  const auto bytes = reader.ReadBytes((count + kMiniBlockLength - 1) / kMiniBlockLength);
  if (!bytes) return std::nullopt;
  const auto widths = Unsigned(*bytes);
  if (std::ranges::any_of(widths, [](unsigned width) { return width > kPackedWidthMax; })) {
    return std::nullopt;
  }
  return widths;
}

bool ReadPatchedCodes(ByteReader& reader, std::span<std::uint64_t> codes) {
  const auto patched = ReadPatchedRun(reader, codes.size());
  if (!patched) return false;
  CurrentKernels().unpack(patched->run, codes.data());
  return ReadPatches(reader, *patched, [&](std::size_t position, std::uint64_t high_bits) {
    codes[position] |= high_bits << patched->run.width;
    return true;
  });
}

bool ReadNarrowCodes(ByteReader& reader, std::span<std::uint32_t> codes) {
  const auto patched = ReadPatchedRun(reader, codes.size());
  if (!patched || patched->run.width > kNarrowWidthMax) return false;
  CurrentKernels().unpack_narrow(patched->run, codes.data());
  const std::uint64_t high_bits_max = LowBits(kCodeWidthMax - patched->run.width);
  return ReadPatches(reader, *patched, [&](std::size_t position, std::uint64_t high_bits) {
    if (high_bits > high_bits_max) return false;
    codes[position] |= static_cast<std::uint32_t>(high_bits << patched->run.width);
    return true;
  });
}

std::optional<ChangeBitmap> ReadChangeBitmap(ByteReader& reader, std::size_t count) {
  const auto bytes = reader.ReadBytes((count + 7) / 8);
  if (!bytes) return std::nullopt;
  const auto bits = Unsigned(*bytes);
  ChangeBitmap bitmap{bits.data(), 0};
  std::size_t at = 0;
  for (; at + 8 <= count / 8; at += 8) {
    bitmap.change_count +=
        static_cast<unsigned>(std::popcount(LoadLittleEndian64(bits.data() + at)));
  }
  for (; at < count / 8; ++at)
    bitmap.change_count += static_cast<unsigned>(std::popcount(bits[at]));
  // Bits behind the last residual do not count.
  if (count % 8 != 0) {
    const unsigned last = bits[at] & ((1u << count % 8) - 1);
    bitmap.change_count += static_cast<unsigned>(std::popcount(last));
  }
  return bitmap;
}

bool ReadResiduals(ByteReader& reader, ResidualKind kind, bool is_unsigned,
                   std::span<std::int64_t> residuals) {
  const std::span codes(reinterpret_cast<std::uint64_t*>(residuals.data()), residuals.size());
  switch (kind) {
    case kZero:
      std::ranges::fill(residuals, 0);
      return true;
    case kZigZag:
    case kMiniZigZag:
      if (!(kind == kZigZag ? ReadPatchedCodes(reader, codes) : ReadMiniCodes(reader, codes))) {
        return false;
      }
      if (!is_unsigned) CurrentKernels().undo_zigzag(residuals);
      return true;
    case kFrameOfReference:
    case kMiniFrameOfReference: {
      const auto base = reader.ReadSignedVarint();
      if (!base || !(kind == kFrameOfReference ? ReadPatchedCodes(reader, codes)
                                               : ReadMiniCodes(reader, codes))) {
        return false;
      }
      for (std::uint64_t& code : codes) code += static_cast<std::uint64_t>(*base);
      return true;
    }
    case kSparse:
      return ReadSparse(reader, is_unsigned, residuals);
    case kBitmap:
      return ReadBitmap(reader, is_unsigned, residuals);
  }
  return false;
}

}  // namespace narthex::chunk
