#include "block/meta.h"

#include <fmt/format.h>

#include <array>
#include <random>

#include "base/hash.h"
#include "base/number.h"

namespace narthex::block {
namespace {

// With the version; the first line.
constexpr std::string_view kHeader = "narthex-block 2\n";
constexpr std::string_view kAnyHeader = "narthex-block ";
constexpr std::string_view kChecksumKey = "crc32c ";

// Crockford's base 32: no letters that look like digits.
constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("meta of a block: {}", what)};
}

// Takes "key value\n" from the front of `text`.
std::optional<std::string_view> TakeLine(std::string_view& text, std::string_view key) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ' ') {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return line.substr(key.size() + 1);
}

bool TakeNumber(std::string_view& text, std::string_view key, std::uint64_t& number) {
  const auto line = TakeLine(text, key);
  const auto parsed = line ? ParseUint64(*line) : std::nullopt;
  if (parsed) number = *parsed;
  return parsed.has_value();
}

bool TakeTime(std::string_view& text, std::string_view key, model::TimestampMs& time) {
  const auto line = TakeLine(text, key);
  const auto parsed = line ? ParseInt64(*line) : std::nullopt;
  if (parsed) time = *parsed;
  return parsed.has_value();
}

}  // namespace

std::string FormatMeta(const BlockMeta& meta) {
  std::string text = fmt::format(
      "{}id {}\nmin_time {}\nmax_time {}\nseries {}\nsamples {}\npages {}\n", kHeader, meta.id,
      meta.min_time, meta.max_time, meta.series_count, meta.sample_count, meta.page_count);
  text += fmt::format("level {}\n", meta.level);
  for (const std::string& source : meta.sources) text += fmt::format("source {}\n", source);
  if (meta.head_cut_until) text += fmt::format("head_cut_until {}\n", *meta.head_cut_until);
  return fmt::format("{}{}{:08x}\n", text, kChecksumKey, Crc32c(text));
}

Result<BlockMeta> ParseMeta(std::string_view text) {
  const std::size_t checksum_at = text.rfind(kChecksumKey);
  if (!text.starts_with(kAnyHeader) || checksum_at == std::string_view::npos) {
    return Damaged("not that of a block");
  }
  std::string_view lines = text.substr(0, checksum_at);
  if (text.substr(checksum_at) != fmt::format("{}{:08x}\n", kChecksumKey, Crc32c(lines))) {
    return Damaged("fails its checksum");
  }
  if (!lines.starts_with(kHeader)) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("meta: the block is of format {}, this version reads {}: read it with "
                             "the version that wrote it, or move its folder away",
                             lines.substr(kAnyHeader.size(), lines.find('\n') - kAnyHeader.size()),
                             kHeader.substr(kAnyHeader.size(), 1))};
  }
  lines.remove_prefix(kHeader.size());
  BlockMeta meta;
  std::uint64_t level = 1;
  const auto id = TakeLine(lines, "id");
  if (!id || !TakeTime(lines, "min_time", meta.min_time) ||
      !TakeTime(lines, "max_time", meta.max_time) ||
      !TakeNumber(lines, "series", meta.series_count) ||
      !TakeNumber(lines, "samples", meta.sample_count) ||
      !TakeNumber(lines, "pages", meta.page_count)) {
    return Damaged("malformed");
  }
  // Blocks that were written before there were merges have neither.
  if (!lines.empty() && (!TakeNumber(lines, "level", level) || level > UINT32_MAX)) {
    return Damaged("malformed");
  }
  meta.level = static_cast<std::uint32_t>(level);
  while (const auto source = TakeLine(lines, "source")) meta.sources.emplace_back(*source);
  if (model::TimestampMs time = 0; TakeTime(lines, "head_cut_until", time)) {
    meta.head_cut_until = time;
  }
  if (!lines.empty()) return Damaged("malformed");
  meta.id = *id;
  return meta;
}

std::string NewBlockId(model::TimestampMs now) {
  std::string id(26, '0');
  auto time = static_cast<std::uint64_t>(now);
  for (std::size_t i = 10; i-- > 0; time >>= 5) id[i] = kBase32[time & 31];
  std::random_device random;
  for (std::size_t i = 10; i < id.size(); ++i) id[i] = kBase32[random() & 31];
  return id;
}

}  // namespace narthex::block
