#include "promblock/meta.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/reader.h"
#include "json/value.h"

namespace narthex::promblock {
namespace {

// A block that was merged often names its sources, 30 bytes each.
constexpr std::size_t kMetaSizeMax = std::size_t{64} << 20;

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("{}: {}", kMetaName, what)};
}

std::uint64_t CountOf(const json::Value& value) {
  const auto number = value.AsInt64();
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

}  // namespace

bool IsBlockName(std::string_view name) {
  constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  return name.size() == 26 && name.find_first_not_of(kBase32) == std::string_view::npos;
}

std::string FormatMeta(const PromBlockMeta& meta) {
  json::Value stats = json::Value::MakeObject();
  stats.Set("numSamples", json::Value(meta.sample_count));
  stats.Set("numSeries", json::Value(meta.series_count));
  stats.Set("numChunks", json::Value(meta.chunk_count));
  json::Value sources = json::Value::MakeArray();
  for (const std::string& source : meta.sources) sources.Append(json::Value(source));
  json::Value compaction = json::Value::MakeObject();
  compaction.Set("level", json::Value(std::uint64_t{meta.level}));
  compaction.Set("sources", std::move(sources));
  json::Value root = json::Value::MakeObject();
  root.Set("ulid", json::Value(meta.ulid));
  root.Set("minTime", json::Value(meta.min_time));
  root.Set("maxTime", json::Value(meta.max_time));
  root.Set("stats", std::move(stats));
  root.Set("compaction", std::move(compaction));
  root.Set("version", json::Value(std::uint64_t{meta.version}));
  return json::Print(root, json::Layout::kPretty) + "\n";
}

Result<PromBlockMeta> ParseMeta(std::string_view text) {
  const auto root = json::Parse(text, {.size_bytes_max = kMetaSizeMax});
  if (!root.ok()) return Damaged(root.error().message());
  const auto min_time = (*root)["minTime"].AsInt64();
  const auto max_time = (*root)["maxTime"].AsInt64();
  const auto version = (*root)["version"].AsInt64();
  PromBlockMeta meta;
  meta.ulid = (*root)["ulid"].AsString();
  if (!IsBlockName(meta.ulid)) return Damaged("\"ulid\" is not a ULID");
  if (!min_time || !max_time || *min_time > *max_time) {
    return Damaged("\"minTime\" and \"maxTime\" are no range");
  }
  if (!version || (*version != 1 && *version != 2)) {
    return Error{ErrorCode::kUnsupported, fmt::format("{}: version is not 1", kMetaName)};
  }
  meta.min_time = *min_time;
  meta.max_time = *max_time;
  meta.version = static_cast<std::uint32_t>(*version);
  const json::Value& stats = (*root)["stats"];
  meta.sample_count = CountOf(stats["numSamples"]);
  meta.series_count = CountOf(stats["numSeries"]);
  meta.chunk_count = CountOf(stats["numChunks"]);
  const json::Value& compaction = (*root)["compaction"];
  meta.level =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(CountOf(compaction["level"]), 99));
  for (const json::Value& source : compaction["sources"].items()) {
    meta.sources.emplace_back(source.AsString());
  }
  for (const json::Value& parent : compaction["parents"].items()) {
    meta.parents.emplace_back(parent["ulid"].AsString());
  }
  return meta;
}

}  // namespace narthex::promblock
