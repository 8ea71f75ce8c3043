#include "wal/attachment_record.h"

#include <bit>

#include "base/bytes.h"
#include "columns.h"

namespace narthex::wal {
namespace {

// References and times as steps from entry to entry. Unsigned: the step between the extremes wraps
// around and back.
class StepWriter {
 public:
  explicit StepWriter(std::string& out) : out_(out) {}
  void Put(std::uint64_t ref, model::TimestampMs time) {
    PutSignedVarint(out_, static_cast<std::int64_t>(ref - ref_));
    PutSignedVarint(out_, static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - time_));
    ref_ = ref;
    time_ = static_cast<std::uint64_t>(time);
  }

 private:
  std::string& out_;
  std::uint64_t ref_ = 0;
  std::uint64_t time_ = 0;
};

class StepReader {
 public:
  explicit StepReader(ByteReader& reader) : reader_(reader) {}
  bool Next() {
    const auto ref_step = reader_.ReadSignedVarint();
    const auto time_step = reader_.ReadSignedVarint();
    if (!ref_step || !time_step) return false;
    ref_ += static_cast<std::uint64_t>(*ref_step);
    time_ += static_cast<std::uint64_t>(*time_step);
    return true;
  }
  std::uint64_t ref() const { return ref_; }
  model::TimestampMs time() const { return static_cast<model::TimestampMs>(time_); }

 private:
  ByteReader& reader_;
  std::uint64_t ref_ = 0;
  std::uint64_t time_ = 0;
};

}  // namespace

void EncodeStarts(const StartRecord& record, std::string& out) {
  PutVarint(out, record.changes.size());
  StepWriter steps(out);
  for (const StartRecord::Change& change : record.changes) {
    steps.Put(change.ref, change.from);
    PutSignedVarint(out, change.start);
  }
}

Result<StartRecord> DecodeStarts(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto count = reader.ReadVarint();
  // Three bytes are the least that a change takes.
  if (!count || *count > reader.remaining() / 3) return Malformed("start", "bad count");
  StartRecord record;
  StepReader steps(reader);
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (!steps.Next()) return Malformed("start", "cut short");
    const auto start = reader.ReadSignedVarint();
    if (!start) return Malformed("start", "time cut short");
    record.changes.push_back({steps.ref(), steps.time(), *start});
  }
  if (!reader.empty()) return Malformed("start", "bytes behind its end");
  return record;
}

void EncodeExemplars(const ExemplarRecord& record, std::string& out) {
  PutVarint(out, record.entries.size());
  StepWriter steps(out);
  for (const ExemplarRecord::Entry& entry : record.entries) {
    steps.Put(entry.ref, entry.exemplar.timestamp);
    PutLittleEndian64(out, std::bit_cast<std::uint64_t>(entry.exemplar.value));
    PutLengthPrefixed(out, entry.exemplar.labels.encoded());
  }
}

Result<ExemplarRecord> DecodeExemplars(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto count = reader.ReadVarint();
  // Eleven bytes are the least that an exemplar takes.
  if (!count || *count > reader.remaining() / 11) return Malformed("exemplar", "bad count");
  ExemplarRecord record;
  StepReader steps(reader);
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (!steps.Next()) return Malformed("exemplar", "cut short");
    const auto bits = reader.ReadLittleEndian64();
    const auto encoded = reader.ReadLengthPrefixed();
    if (!bits || !encoded) return Malformed("exemplar", "value or labels cut short");
    auto labels = model::LabelSet::Decode(*encoded);
    if (!labels) return Malformed("exemplar", "malformed label set");
    record.entries.push_back(
        {steps.ref(), {std::move(*labels), std::bit_cast<double>(*bits), steps.time()}});
  }
  if (!reader.empty()) return Malformed("exemplar", "bytes behind its end");
  return record;
}

}  // namespace narthex::wal
