// Two ways to write a protobuf message, with one face: its bytes, and its text form.
#pragma once

#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <protozero/varint.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/number.h"
#include "text_pieces.h"

namespace narthex::exposition {

// A field that is a text.
struct TextField {
  std::uint32_t field;
  std::string_view name;
  std::string_view text;
};

// Fields are given with number and name; each sink takes what it needs.
class WireSink {
 public:
  explicit WireSink(std::string& out) : writer_(out) {}

  void Text(std::uint32_t field, std::string_view, std::string_view text) {
    writer_.add_string(field, text.data(), text.size());
  }
  void Double(std::uint32_t field, std::string_view, double value) {
    writer_.add_double(field, value);
  }
  void Unsigned(std::uint32_t field, std::string_view, std::uint64_t value) {
    writer_.add_uint64(field, value);
  }
  void Integer(std::uint32_t field, std::string_view, std::int64_t value) {
    writer_.add_int64(field, value);
  }
  void Zigzag(std::uint32_t field, std::string_view, std::int32_t value) {
    writer_.add_sint32(field, value);
  }
  void Enum(std::uint32_t field, std::string_view, std::int32_t value, std::string_view) {
    writer_.add_enum(field, value);
  }
  void Doubles(std::uint32_t field, std::string_view, std::span<const double> values) {
    writer_.add_packed_double(field, values.begin(), values.end());
  }
  void Zigzags(std::uint32_t field, std::string_view, std::span<const std::int64_t> values) {
    writer_.add_packed_sint64(field, values.begin(), values.end());
  }
  // A message of two texts. Most messages are such, and their size is known beforehand, so that
  // nothing is moved when they end.
  void TextPair(std::uint32_t field, std::string_view, TextField first, TextField second) {
    char heads[2][kTextHeadSizeMax];
    writer_.add_bytes_vectored(field, TextHead(first, heads[0]), first.text,
                               TextHead(second, heads[1]), second.text);
  }
  template <typename Fill>
  void Message(std::uint32_t field, std::string_view, Fill fill) {
    // Its end writes the size in front of it.
    WireSink sink(writer_, field);
    fill(sink);
  }

 private:
  static constexpr std::size_t kTextHeadSizeMax = 2 * protozero::max_varint_length;

  // Tag and length, written to `room`.
  static std::string_view TextHead(const TextField& part, char* room) {
    constexpr std::uint32_t kLengthDelimited = 2;
    auto size = protozero::write_varint(room, (part.field << 3) | kLengthDelimited);
    size += protozero::write_varint(room + size, part.text.size());
    return {room, static_cast<std::size_t>(size)};
  }

  // Of a message within `outer`.
  WireSink(protozero::pbf_writer& outer, std::uint32_t field) : writer_(outer, field) {}

  protozero::pbf_writer writer_;
};

class TextSink {
 public:
  enum class Lines { kOnePerField, kOne };
  TextSink(std::string& out, Lines lines) : out_(out), lines_(lines) {}

  void Text(std::uint32_t, std::string_view name, std::string_view text) {
    Start(name);
    out_ += ": ";
    AppendQuoted(out_, text);
    End();
  }
  void Double(std::uint32_t, std::string_view name, double value) {
    Start(name);
    out_ += ": ";
    // Its words for what is not finite are not those of Go.
    if (value != value) {
      out_ += "nan";
    } else if (value - value != 0) {
      out_ += value > 0 ? "inf" : "-inf";
    } else {
      AppendDouble(out_, value);
    }
    End();
  }
  void Unsigned(std::uint32_t, std::string_view name, std::uint64_t value) {
    Word(name, std::to_string(value));
  }
  void Integer(std::uint32_t, std::string_view name, std::int64_t value) {
    Word(name, std::to_string(value));
  }
  void Zigzag(std::uint32_t, std::string_view name, std::int32_t value) {
    Word(name, std::to_string(value));
  }
  void Enum(std::uint32_t, std::string_view name, std::int32_t, std::string_view word) {
    Word(name, word);
  }
  void Doubles(std::uint32_t field, std::string_view name, std::span<const double> values) {
    for (const double value : values) Double(field, name, value);
  }
  void Zigzags(std::uint32_t, std::string_view name, std::span<const std::int64_t> values) {
    for (const std::int64_t value : values) Word(name, std::to_string(value));
  }
  void TextPair(std::uint32_t field, std::string_view name, TextField first, TextField second) {
    Message(field, name, [&](TextSink& inner) {
      inner.Text(first.field, first.name, first.text);
      inner.Text(second.field, second.name, second.text);
    });
  }
  template <typename Fill>
  void Message(std::uint32_t, std::string_view name, Fill fill) {
    Start(name);
    out_ += lines_ == Lines::kOne ? ":<" : " {\n";
    ++depth_;
    is_first_ = true;
    fill(*this);
    --depth_;
    is_first_ = false;
    if (lines_ == Lines::kOne) {
      out_ += '>';
    } else {
      out_.append(2 * depth_, ' ');
      out_ += "}\n";
    }
  }

 private:
  void Start(std::string_view name) {
    if (lines_ == Lines::kOnePerField) {
      out_.append(2 * depth_, ' ');
    } else if (!is_first_) {
      out_ += ' ';
    }
    is_first_ = false;
    out_ += name;
  }
  void End() {
    if (lines_ == Lines::kOnePerField) out_ += '\n';
  }
  void Word(std::string_view name, std::string_view word) {
    Start(name);
    out_ += ": ";
    out_ += word;
    End();
  }

  std::string& out_;
  const Lines lines_;
  std::size_t depth_ = 0;
  bool is_first_ = true;
};

}  // namespace narthex::exposition
