// JSON written value by value, to a string or in blocks to a callback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace narthex::json {

// Appends `text` as a JSON string with its quotes. Control characters, quote and backslash are
// escaped; bytes that are not UTF-8 become U+FFFD. All else stands as it is.
void AppendString(std::string& out, std::string_view text);

// Writes one document; the commas are its business, the balance of Begin and End the caller's.
//
// Not thread-safe. With a sink, memory is one block (plus the longest single value); a sink that
// fails once is not called again, all later output is dropped, and Finish() returns its error.
class Writer {
 public:
  using Sink = std::function<Status(std::string_view)>;

  // Appends to `out`, which must outlive the writer.
  explicit Writer(std::string& out) : out_(&out) {}
  // Hands over a block whenever it has reached `block_size_bytes`, and the rest in Finish().
  explicit Writer(Sink sink, std::size_t block_size_bytes = 32u << 10)
      : out_(&block_), sink_(std::move(sink)), block_size_bytes_(block_size_bytes) {}

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  // Every second call inside an object: the key of the value that follows.
  void Key(std::string_view key);

  void String(std::string_view text);
  void Bool(bool flag);
  void Int64(std::int64_t number);
  void Uint64(std::uint64_t number);
  // Shortest form that reads back as the same double; NaN and infinities, which JSON cannot say,
  // become null.
  void Double(double number);
  void Null() { Raw("null"); }
  void Tree(const Value& value);
  // Text that is a JSON value already.
  void Raw(std::string_view value);

  // The buffer that is being filled, for a caller that formats a value itself: BeforeValue(),
  // append one JSON value to buffer(), AfterValue().
  std::string& buffer() { return *out_; }
  void BeforeValue() {
    if (need_comma_) out_->push_back(',');
  }
  void AfterValue() {
    need_comma_ = true;
    if (out_->size() >= block_size_bytes_) Flush();
  }

  // True once the sink has failed: a long producer stops early.
  bool failed() const { return !status_.ok(); }

  // Hands over what is left. To be called once, after the document is complete.
  Status Finish();

 private:
  void Open(char bracket);
  void Close(char bracket);
  void Flush();

  std::string block_;
  std::string* out_;
  Sink sink_;
  std::size_t block_size_bytes_ = static_cast<std::size_t>(-1);
  bool need_comma_ = false;
  Status status_;
};

// `{"key":"value"}` shorthand: Field(writer, "status", "success").
void Field(Writer& writer, std::string_view key, std::string_view text);
void Field(Writer& writer, std::string_view key, const char* text);
void Field(Writer& writer, std::string_view key, bool flag);
void Field(Writer& writer, std::string_view key, std::int64_t number);

}  // namespace narthex::json
