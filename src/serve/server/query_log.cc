#include "query_log.h"

#include "api/query_stats.h"
#include "io/file_system.h"
#include "json/writer.h"

namespace narthex::server {
namespace {

void WriteParameters(json::Writer& writer, const engine::QueryRecord& record) {
  writer.BeginObject();
  json::Field(writer, "end", FormatTimestamp(record.end));
  json::Field(writer, "query", record.query);
  json::Field(writer, "start", FormatTimestamp(record.start));
  // Whole seconds, as upstream has it.
  json::Field(writer, "step", std::int64_t{record.step.count() / 1000});
  writer.EndObject();
}

void WriteOrigin(json::Writer& writer, const engine::QueryOrigin& origin) {
  writer.BeginObject();
  json::Field(writer, "clientIP", origin.client_ip);
  json::Field(writer, "method", origin.method);
  json::Field(writer, "path", origin.path);
  writer.EndObject();
}

std::string Line(const engine::QueryRecord& record, TimestampMs now) {
  std::string line;
  json::Writer writer(line);
  writer.BeginObject();
  json::Field(writer, "time", FormatTimestamp(now));
  json::Field(writer, "level", "INFO");
  json::Field(writer, "source", "engine");
  json::Field(writer, "msg", "promql query logged");
  writer.Key("params");
  WriteParameters(writer, record);
  if (record.error != nullptr) json::Field(writer, "error", record.error->message());
  writer.Key("stats");
  api::WriteQueryStats(writer, record.stats);
  // Nothing here is traced.
  json::Field(writer, "spanID", "0000000000000000");
  json::Field(writer, "traceID", "00000000000000000000000000000000");
  if (record.origin != nullptr) {
    writer.Key("httpRequest");
    WriteOrigin(writer, *record.origin);
  }
  writer.EndObject();
  line += '\n';
  return line;
}

}  // namespace

Status QueryLog::SetPath(const std::string& path) {
  std::shared_ptr<io::File> file;
  if (!path.empty()) {
    Result<std::unique_ptr<io::File>> opened = io::SystemFiles().Open(path, io::OpenMode::kAppend);
    if (!opened.ok()) return std::move(opened).error().Under("can't create json log file");
    file = *std::move(opened);
  }
  MutexLock lock(mutex_);
  file_ = std::move(file);
  return Ok();
}

bool QueryLog::is_on() const {
  MutexLock lock(mutex_);
  return file_ != nullptr;
}

void QueryLog::Note(const engine::QueryRecord& record) {
  std::shared_ptr<io::File> file;
  {
    MutexLock lock(mutex_);
    file = file_;
  }
  if (file == nullptr) return;
  // One write a line, so that lines of several threads do not mix.
  if (file->Append(Line(record, clock_.Now())).ok()) return;
  // Relaxed: a number for display.
  failure_count_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace narthex::server
