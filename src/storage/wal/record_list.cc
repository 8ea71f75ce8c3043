#include "wal/record_list.h"

#include "base/bytes.h"
#include "base/check.h"

namespace narthex::wal {
namespace {

// Before each record: the size of its payload, and its type.
constexpr std::size_t kSizeSize = 4;
constexpr std::size_t kHeadSize = kSizeSize + 1;

}  // namespace

void RecordList::Clear() {
  bytes_.clear();
  last_begin_ = 0;
  count_ = 0;
}

void RecordList::EndLast() {
  if (count_ == 0) return;
  std::string size;
  PutLittleEndian32(size, static_cast<std::uint32_t>(bytes_.size() - last_begin_ - kHeadSize));
  bytes_.replace(last_begin_, kSizeSize, size);
}

std::string& RecordList::Start(RecordType type) {
  EndLast();
  last_begin_ = bytes_.size();
  ++count_;
  bytes_.append(kSizeSize, '\0');
  bytes_.push_back(static_cast<char>(type));
  return bytes_;
}

std::size_t RecordList::SizeWith(std::size_t count, std::size_t payload_size_max) const {
  return bytes_.size() + count * kHeadSize + payload_size_max;
}

RecordView RecordList::AsRecord() {
  NARTHEX_CHECK(count_ > 0, "there is nothing to log");
  EndLast();
  if (count_ > 1) return {RecordType::kTogether, bytes_};
  return {static_cast<RecordType>(bytes_[kSizeSize]), std::string_view(bytes_).substr(kHeadSize)};
}

std::optional<std::vector<RecordView>> SplitTogether(std::string_view payload) {
  std::vector<RecordView> records;
  ByteReader reader(payload);
  while (!reader.empty()) {
    const auto size = reader.ReadLittleEndian32();
    const auto type = reader.ReadByte();
    const auto bytes = size ? reader.ReadBytes(*size) : std::nullopt;
    if (!type || !bytes) return std::nullopt;
    records.push_back({static_cast<RecordType>(*type), *bytes});
  }
  return records;
}

}  // namespace narthex::wal
