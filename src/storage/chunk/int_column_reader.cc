// Reading of integer columns: straight to doubles where a kernel does all in one pass, by way of
// integers elsewhere.
#include <algorithm>
#include <array>

#include "int_column.h"
#include "kernels.h"
#include "residual_reader.h"

namespace narthex::chunk {
namespace {

using Integers = std::array<std::int64_t, kPageSampleCountMax>;

struct Column {
  Transform transform = kPlain;
  ResidualKind kind = kZero;
  bool is_unsigned = false;
  bool is_shared = false;
  std::int64_t first = 0;
  std::int64_t divisor = 1;  // of the steps
};

bool ReadHead(ByteReader& reader, Column& column) {
  const auto head = reader.ReadByte();
  const auto first = reader.ReadSignedVarint();
  if (!head || !first || (*head & 3) > kDelta2 || (*head >> 2 & 7) > kBitmap) return false;
  column.transform = static_cast<Transform>(*head & 3);
  column.kind = static_cast<ResidualKind>(*head >> 2 & 7);
  column.is_unsigned = (*head & kUnsignedBit) != 0;
  column.is_shared = (*head & kSharedBit) != 0;
  column.first = *first;
  if ((*head & kDivisorBit) == 0) return true;
  const auto divisor = reader.ReadVarint();
  if (!divisor) return false;
  column.divisor = static_cast<std::int64_t>(*divisor);
  return true;
}

// Calls `decode` with the reader of the column's payload.
template <typename Decode>
bool WithPayload(ByteReader& reader, std::string_view shared, const Column& column, Decode decode) {
  if (!column.is_shared) return decode(reader);
  const auto place = reader.ReadVarint();
  if (!place || *place > shared.size()) return false;
  ByteReader payload(shared.substr(static_cast<std::size_t>(*place)));
  return decode(payload);
}

// Sums in unsigned arithmetic: damaged bytes may overflow, which must stay defined.
void UndoTransform(const Column& column, std::uint64_t step, std::span<std::int64_t> residuals) {
  const auto first = static_cast<std::uint64_t>(column.first);
  const auto divisor = static_cast<std::uint64_t>(column.divisor);
  std::uint64_t value = first;
  if (column.transform == kPlain) {
    for (std::int64_t& residual : residuals) {
      residual = static_cast<std::int64_t>(first + static_cast<std::uint64_t>(residual) * divisor);
    }
  } else if (column.transform == kDelta) {
    for (std::int64_t& residual : residuals) {
      value += static_cast<std::uint64_t>(residual) * divisor;
      residual = static_cast<std::int64_t>(value);
    }
  } else {
    step *= divisor;
    value += step;
    for (std::int64_t& residual : residuals) {
      step += static_cast<std::uint64_t>(residual) * divisor;
      value += step;
      residual = static_cast<std::int64_t>(value);
    }
  }
}

bool DecodePayload(ByteReader& reader, const Column& column, std::span<std::int64_t> integers) {
  integers[0] = column.first;
  std::uint64_t step = 0;
  std::size_t known = 1;
  if (column.transform == kDelta2) {
    const auto first_step = reader.ReadSignedVarint();
    if (!first_step || integers.size() < 2) return false;
    step = static_cast<std::uint64_t>(*first_step);
    integers[1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(column.first) +
                                            step * static_cast<std::uint64_t>(column.divisor));
    known = 2;
  }
  const auto residuals = integers.subspan(known);
  if (!ReadResiduals(reader, column.kind, column.is_unsigned, residuals)) return false;
  UndoTransform(column, step, residuals);
  return true;
}

// The common shapes of a column, read without integers in between. Each function gives false,
// having done nothing that matters, where the bytes have another shape or are damaged: the way by
// integers tells these apart.
class FastColumn {
 public:
  FastColumn(const Column& column, double divisor, std::span<double> values)
      : column_(column), values_(values), rest_(values.subspan(1)) {
    values_[0] = static_cast<double>(column.first) / divisor;
    steps_.is_zigzag = !column.is_unsigned;
    steps_.is_summed = column.transform == kDelta;
    steps_.divisor = divisor;
    // The sum of all steps stays below 2^51 where it is the value itself, or half the distance of
    // two values.
    if (steps_.is_summed && column.divisor == 1) {
      steps_.sum = column.first;
    } else {
      steps_.offset = static_cast<double>(column.first);
      steps_.factor = static_cast<double>(column.divisor);
    }
  }

  bool Read(ByteReader& reader) {
    if (column_.transform == kDelta2) return ReadLine(reader);
    switch (column_.kind) {
      case kZero:
        CurrentKernels().fill(values_[0], rest_);
        return true;
      case kZigZag:
        return ReadPacked(reader);
      case kFrameOfReference:
        return ReadBase(reader) && ReadPacked(reader);
      case kMiniZigZag:
        return ReadMini(reader);
      case kMiniFrameOfReference:
        return ReadBase(reader) && ReadMini(reader);
      case kSparse:
        return ReadSparse(reader);
      case kBitmap:
        return ReadBitmap(reader);
    }
    return false;
  }

 private:
  // A counter at a steady pace: its steps are their own base, and no code is left.
  bool ReadLine(ByteReader& reader) {
    if (column_.kind != kZero || rest_.empty()) return false;
    const auto step = reader.ReadSignedVarint();
    if (!step) return false;
    const std::uint64_t base =
        static_cast<std::uint64_t>(*step) * static_cast<std::uint64_t>(column_.divisor);
    steps_ = {.is_summed = true,
              .base = static_cast<std::int64_t>(base),
              .sum = column_.first,
              .divisor = steps_.divisor};
    CurrentKernels().decode_packed(PackedRun{.count = rest_.size()}, steps_, rest_.data());
    return true;
  }

  bool ReadBase(ByteReader& reader) {
    const auto base = reader.ReadSignedVarint();
    steps_.is_zigzag = false;
    if (base) steps_.base = *base;
    return base.has_value();
  }

  bool ReadPacked(ByteReader& reader) {
    ByteReader patched_reader = reader;
    const auto patched = ReadPatchedRun(reader, rest_.size());
    if (!patched || patched->run.width > kNarrowWidthMax) return false;
    if (patched->patch_count == 0) {
      CurrentKernels().decode_packed(patched->run, steps_, rest_.data());
      return true;
    }
    const auto codes = std::span(codes_).first(rest_.size());
    if (!ReadNarrowCodes(patched_reader, codes)) return false;
    reader = patched_reader;
    CurrentKernels().decode_codes(codes, 0, steps_, rest_.data());
    return true;
  }

  bool ReadMini(ByteReader& reader) {
    const auto widths = ReadBlockWidths(reader, rest_.size());
    if (!widths) return false;
    double* at = rest_.data();
    std::size_t left = rest_.size();
    for (const unsigned width : *widths) {
      if (width > kNarrowWidthMax) return false;
      const auto run = ReadRun(reader, std::min(left, kMiniBlockLength), width);
      if (!run) return false;
      CurrentKernels().decode_packed(*run, steps_, at);
      at += run->count;
      left -= run->count;
    }
    return true;
  }

  // The values behind each change, and before the first.
  bool ReadChanges(ByteReader& reader, std::size_t count) {
    const auto codes = std::span(codes_).first(count);
    if (!ReadNarrowCodes(reader, codes)) return false;
    changed_[0] = values_[0];
    CurrentKernels().decode_codes(codes, 1, steps_, changed_.data() + 1);
    return true;
  }

  bool ReadSparse(ByteReader& reader) {
    const auto count = reader.ReadVarint();
    if (!count || *count > rest_.size()) return false;
    std::array<std::uint32_t, kPageSampleCountMax> gap_buffer;
    const auto gaps = std::span(gap_buffer).first(static_cast<std::size_t>(*count));
    if (!ReadNarrowCodes(reader, gaps) || !ReadChanges(reader, gaps.size())) return false;
    double* at = rest_.data();
    std::size_t left = rest_.size();
    for (std::size_t i = 0; i < gaps.size(); ++i) {
      if (gaps[i] >= left) return false;
      at = std::fill_n(at, gaps[i], steps_.is_summed ? changed_[i] : changed_[0]);
      *at++ = changed_[i + 1];
      left -= gaps[i] + 1;
    }
    std::fill_n(at, left, steps_.is_summed ? changed_[gaps.size()] : changed_[0]);
    return true;
  }

  bool ReadBitmap(ByteReader& reader) {
    const auto bitmap = ReadChangeBitmap(reader, rest_.size());
    if (!bitmap || !ReadChanges(reader, bitmap->change_count)) return false;
    const Kernels& kernels = CurrentKernels();
    (steps_.is_summed ? kernels.expand : kernels.select)(bitmap->bits, changed_.data(), rest_);
    return true;
  }

  const Column& column_;
  std::span<double> values_;
  std::span<double> rest_;
  Steps steps_;
  std::array<std::uint32_t, kPageSampleCountMax> codes_;
  std::array<double, kPageSampleCountMax + 1 + kExpandSlack> changed_;
};

}  // namespace

bool DecodeIntegers(ByteReader& reader, std::string_view shared, std::span<std::int64_t> integers) {
  Column column;
  if (!ReadHead(reader, column)) return false;
  return WithPayload(reader, shared, column,
                     [&](ByteReader& payload) { return DecodePayload(payload, column, integers); });
}

bool DecodeQuotients(ByteReader& reader, std::string_view shared, double divisor,
                     std::span<double> values) {
  Column column;
  if (!ReadHead(reader, column)) return false;
  return WithPayload(reader, shared, column, [&](ByteReader& payload) {
    ByteReader fast_payload = payload;
    if (FastColumn(column, divisor, values).Read(fast_payload)) {
      payload = fast_payload;
      return true;
    }
    Integers integers;
    const auto used = std::span(integers).first(values.size());
    if (!DecodePayload(payload, column, used)) return false;
    CurrentKernels().scale(used, divisor, values.data());
    return true;
  });
}

}  // namespace narthex::chunk
