// Structured log lines on the standard error: logfmt or JSON, one line an event.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace narthex {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

// A key and its value, as text. Values must never hold a secret.
struct LogField {
  LogField(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
  LogField(std::string_view field_key, const char* text) : key(field_key), value(text) {}
  LogField(std::string_view field_key, bool flag)
      : key(field_key), value(flag ? "true" : "false") {}
  LogField(std::string_view field_key, double number);
  template <std::integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view field_key, T number)
      : key(field_key), value(std::to_string(number)) {}

  std::string_view key;
  std::string value;
};

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kLogfmt;
};

// Sets level and format of the whole process; info and logfmt until then. Thread-safe.
void ConfigureLog(LogOptions options);

std::optional<LogLevel> ParseLogLevel(std::string_view name);    // debug, info, warn, error
std::optional<LogFormat> ParseLogFormat(std::string_view name);  // logfmt, json

bool LogIsOn(LogLevel level);

// Writes `time=... level=... component=... msg="..." key=value ...`. Thread-safe; lines do not mix.
void Log(LogLevel level, std::string_view component, std::string_view message,
         std::initializer_list<LogField> fields = {});

inline void LogDebug(std::string_view component, std::string_view message,
                     std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kDebug, component, message, fields);
}
inline void LogInfo(std::string_view component, std::string_view message,
                    std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, component, message, fields);
}
inline void LogWarn(std::string_view component, std::string_view message,
                    std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarn, component, message, fields);
}
inline void LogError(std::string_view component, std::string_view message,
                     std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, component, message, fields);
}

}  // namespace narthex
