#include "active_queries.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "io/file_system.h"
#include "json/writer.h"

namespace narthex::server {
namespace {

constexpr std::size_t kEntrySizeBytes = 1000;  // spec PQL-032

std::string Entry(std::string_view query, TimestampMs now) {
  std::string entry;
  json::Writer writer(entry);
  writer.BeginObject();
  json::Field(writer, "query", query);
  json::Field(writer, "timestamp_sec", now / 1000);
  writer.EndObject();
  return entry;
}

bool IsInsideCharacter(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// As much of the query as fits: escapes take more room than what they stand for.
std::string FittingEntry(std::string_view query, TimestampMs now) {
  std::string entry = Entry(query, now);
  while (entry.size() >= kEntrySizeBytes) {
    const std::size_t excess = entry.size() - kEntrySizeBytes + 1;
    // An escape has at most six bytes for one.
    std::size_t size = query.size() - std::min(query.size(), std::max<std::size_t>(excess / 6, 1));
    while (IsInsideCharacter(query, size)) --size;
    query = query.substr(0, size);
    entry = Entry(query, now);
  }
  return entry;
}

// The list that the file of a run before holds; "" if no query is in it, or there is no file.
std::string ReadUnfinished(const std::string& path) {
  constexpr std::uint64_t kSizeBytesMax = 64 << 20;
  if (!io::Exists(io::SystemFiles(), path)) return {};
  Result<std::string> text = io::ReadFile(io::SystemFiles(), path, kSizeBytesMax);
  if (!text.ok()) {
    LogError("activeQueryTracker", "Failed to read query log file",
             {{"err", text.error().message()}});
    return {};
  }
  std::erase(*text, '\0');
  if (text->size() <= 1) return {};
  text->back() = ']';  // in the place of the last comma
  return *std::move(text);
}

}  // namespace

Result<std::unique_ptr<ActiveQueries>> ActiveQueries::Open(const std::string& path,
                                                           std::size_t place_count,
                                                           const Clock& clock) {
  std::string unfinished = ReadUnfinished(path);
  NARTHEX_ASSIGN_OR_RETURN(auto file,
                           io::FixedFile::Create(path, 1 + place_count * kEntrySizeBytes));
  NARTHEX_TRY(file->WriteAt(0, "["));
  return std::unique_ptr<ActiveQueries>(
      new ActiveQueries(std::move(file), clock, std::move(unfinished)));
}

void ActiveQueries::Write(std::size_t place, std::string_view entry) {
  // A query that cannot be noted runs all the same.
  static_cast<void>(file_->WriteAt(1 + place * kEntrySizeBytes, entry));
}

void ActiveQueries::Add(std::size_t place, std::string_view query) {
  std::string entry = FittingEntry(query, clock_.Now());
  entry.resize(kEntrySizeBytes, '\0');
  entry.back() = ',';
  Write(place, entry);
}

void ActiveQueries::Remove(std::size_t place) {
  static const std::string kZeros(kEntrySizeBytes, '\0');
  Write(place, kZeros);
}

}  // namespace narthex::server
