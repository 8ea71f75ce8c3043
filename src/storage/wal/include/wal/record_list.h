// Records that are in the log together or not at all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wal/record.h"

namespace narthex::wal {

// A record as a reader is given it; the view is into what it was read from.
struct RecordView {
  RecordType type = RecordType::kEnd;
  std::string_view payload;
};

// Collects the records of one append, for Log::Append. Keeps its buffer from one append to the
// next. Not thread-safe.
class RecordList {
 public:
  void Clear();
  // Begins a record: its payload is to be appended to the string, which is good until the next
  // call of any method.
  std::string& Start(RecordType type);

  bool empty() const { return count_ == 0; }
  // How large the payload in the log gets, at most, by `count` more records whose payloads together
  // have `payload_size_max` bytes.
  std::size_t SizeWith(std::size_t count, std::size_t payload_size_max) const;
  // As one record: the only one itself, or one of type kTogether. Not of an empty list.
  RecordView AsRecord();

 private:
  void EndLast();

  std::string bytes_;           // as a record of type kTogether has them
  std::size_t last_begin_ = 0;  // of the record that was started last
  std::size_t count_ = 0;
};

// The records in the payload of one of type kTogether, in order; empty if it is malformed.
// Source: docs/formats/wal.md, "Records"
std::optional<std::vector<RecordView>> SplitTogether(std::string_view payload);

}  // namespace narthex::wal
