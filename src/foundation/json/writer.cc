#include "json/writer.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "base/number.h"
#include "utf8.h"

namespace narthex::json {
namespace {

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// How many bytes of `text` from `i` on need no look; those behind may need none either.
std::size_t PlainSize(std::string_view text, std::size_t i) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = kOnes << 7;
  const std::size_t begin = i;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data() + i, 8);
    const std::uint64_t quotes = bytes ^ kOnes * '"';
    const std::uint64_t backslashes = bytes ^ kOnes * '\\';
    // The high bit of a byte that is below 0x20, a quote, a backslash or not ASCII. A borrow may
    // mark one too many, behind one that is marked rightly.
    const std::uint64_t marked = (bytes - kOnes * 0x20) | (quotes - kOnes) | (backslashes - kOnes);
    if (((marked | bytes) & kHighs) != 0) break;
  }
  while (i < text.size() && IsPlain(text[i])) ++i;
  return i - begin;
}

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out.append("\\u00");
  out.push_back(kHex[byte >> 4]);
  out.push_back(kHex[byte & 0xFu]);
}

template <typename T>
void AppendInteger(std::string& out, T number) {
  char digits[24];  // 20 digits and a sign
  const auto result = std::to_chars(digits, digits + sizeof(digits), number);
  out.append(digits, result.ptr);
}

}  // namespace

void AppendString(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t start = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    if (const std::size_t size = PlainSize(text, i); size > 0) {
      i += size;
      continue;
    }
    if (static_cast<unsigned char>(text[i]) >= 0x80) {
      if (const std::size_t size = SequenceSize(text.substr(i)); size > 0) {
        i += size;
        continue;
      }
      out.append(text.substr(start, i - start)).append(kReplacement);
    } else {
      out.append(text.substr(start, i - start));
      AppendEscaped(out, text[i]);
    }
    start = ++i;
  }
  out.append(text.substr(start));
  out.push_back('"');
}

void Writer::Key(std::string_view key) {
  BeforeValue();
  AppendString(*out_, key);
  out_->push_back(':');
  need_comma_ = false;
}

void Writer::String(std::string_view text) {
  BeforeValue();
  AppendString(*out_, text);
  AfterValue();
}

void Writer::Bool(bool flag) { Raw(flag ? "true" : "false"); }

void Writer::Int64(std::int64_t number) {
  BeforeValue();
  AppendInteger(*out_, number);
  AfterValue();
}

void Writer::Uint64(std::uint64_t number) {
  BeforeValue();
  AppendInteger(*out_, number);
  AfterValue();
}

void Writer::Double(double number) {
  if (!std::isfinite(number)) return Null();
  BeforeValue();
  AppendDouble(*out_, number, FloatFormat::kApi);
  AfterValue();
}

void Writer::Raw(std::string_view value) {
  BeforeValue();
  out_->append(value);
  AfterValue();
}

void Writer::Tree(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return Null();
    case Kind::kBool:
      return Bool(*value.AsBool());
    case Kind::kNumber:
      return Raw(value.number_text());
    case Kind::kString:
      return String(value.AsString());
    case Kind::kArray:
      BeginArray();
      for (const Value& item : value.items()) Tree(item);
      return EndArray();
    case Kind::kObject:
      BeginObject();
      for (const Member& member : value.members()) {
        Key(member.key);
        Tree(member.value);
      }
      return EndObject();
  }
}

Status Writer::Finish() {
  if (sink_) Flush();
  return std::exchange(status_, Ok());
}

void Writer::Open(char bracket) {
  BeforeValue();
  out_->push_back(bracket);
  need_comma_ = false;
}

void Writer::Close(char bracket) {
  out_->push_back(bracket);
  AfterValue();
}

void Writer::Flush() {
  if (status_.ok() && !out_->empty()) status_ = sink_(*out_);
  out_->clear();
}

void Field(Writer& writer, std::string_view key, std::string_view text) {
  writer.Key(key);
  writer.String(text);
}

void Field(Writer& writer, std::string_view key, const char* text) {
  writer.Key(key);
  writer.String(text);
}

void Field(Writer& writer, std::string_view key, bool flag) {
  writer.Key(key);
  writer.Bool(flag);
}

void Field(Writer& writer, std::string_view key, std::int64_t number) {
  writer.Key(key);
  writer.Int64(number);
}

}  // namespace narthex::json
