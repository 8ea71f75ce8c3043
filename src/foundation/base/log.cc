#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

#include "base/clock.h"
#include "base/number.h"

namespace narthex {
namespace {

// Relaxed order suffices: a line at the moment of the change may take either setting.
std::atomic<LogLevel> log_level{LogLevel::kInfo};
std::atomic<LogFormat> log_format{LogFormat::kLogfmt};

spdlog::logger& Sink() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("narthex",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    // The line is complete as we hand it over; spdlog adds nothing to it.
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarn:
      return "WARN";
    case LogLevel::kError:
      return "ERROR";
  }
  return "ERROR";
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) {
      return true;
    }
  }
  return false;
}

// Quoted with the escapes that JSON and logfmt share.
void AppendQuoted(std::string& out, std::string_view value) {
  out.push_back('"');
  for (const char c : value) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < ' ') {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

void AppendLogfmt(std::string& out, std::string_view key, std::string_view value) {
  if (!out.empty()) out.push_back(' ');
  out += key;
  out.push_back('=');
  if (NeedsQuotes(value)) {
    AppendQuoted(out, value);
  } else {
    out += value;
  }
}

void AppendJson(std::string& out, std::string_view key, std::string_view value) {
  out.push_back(out.empty() ? '{' : ',');
  AppendQuoted(out, key);
  out.push_back(':');
  AppendQuoted(out, value);
}

}  // namespace

LogField::LogField(std::string_view field_key, double number)
    : key(field_key), value(FormatDouble(number)) {}

void ConfigureLog(LogOptions options) {
  log_level.store(options.level, std::memory_order_relaxed);
  log_format.store(options.format, std::memory_order_relaxed);
}

std::optional<LogLevel> ParseLogLevel(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warn") return LogLevel::kWarn;
  if (name == "error") return LogLevel::kError;
  return std::nullopt;
}

std::optional<LogFormat> ParseLogFormat(std::string_view name) {
  if (name == "logfmt") return LogFormat::kLogfmt;
  if (name == "json") return LogFormat::kJson;
  return std::nullopt;
}

bool LogIsOn(LogLevel level) { return level >= log_level.load(std::memory_order_relaxed); }

void Log(LogLevel level, std::string_view component, std::string_view message,
         std::initializer_list<LogField> fields) {
  if (!LogIsOn(level)) return;
  const bool is_json = log_format.load(std::memory_order_relaxed) == LogFormat::kJson;
  const auto append = is_json ? AppendJson : AppendLogfmt;
  std::string line;
  append(line, "time", FormatTimestamp(SystemClock().Now()));
  append(line, "level", LevelName(level));
  append(line, "component", component);
  append(line, "msg", message);
  for (const LogField& field : fields) append(line, field.key, field.value);
  if (is_json) line.push_back('}');
  Sink().log(spdlog::level::info, spdlog::string_view_t(line));
}

}  // namespace narthex
