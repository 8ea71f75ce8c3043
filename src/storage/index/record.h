// How an index holds the labels of a series: a shape, which is the list of its label names, and for
// each of them the number of the value among those of its name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "posting_format.h"

namespace narthex::index {

// Walks along a record: varint shape, then a varint for each value. Whatever the bytes are, reading
// stays inside them.
class RecordReader {
 public:
  explicit RecordReader(std::string_view record) : record_(record) {}

  // The next number; empty at the end.
  std::optional<std::uint32_t> Next() {
    std::uint64_t value = 0;
    if (!TakeVarint(record_, offset_, value) || value > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(value);
  }
  // Passes over `count` numbers; short ones quickly, as nearly all are.
  void Skip(std::size_t count) {
    for (; count > 0 && offset_ < record_.size(); ++offset_) {
      if (static_cast<unsigned char>(record_[offset_]) < 0x80) --count;
    }
  }

 private:
  std::string_view record_;
  std::size_t offset_ = 0;
};

}  // namespace narthex::index
