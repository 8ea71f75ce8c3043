// Segments and records of the log: any bytes are read or refused, and records that are read are
// written back to what reads the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "model/sample.h"
#include "wal/attachment_record.h"
#include "wal/batch.h"
#include "wal/reader.h"
#include "wal/record.h"
#include "wal/record_list.h"
#include "wal/sample_record.h"

namespace {

using narthex::wal::BatchDecoder;
using narthex::wal::BatchRecord;
using narthex::wal::ValueBases;

// The bases that a reader would hold: any values, the same each time.
void FillBases(BatchDecoder& decoder) {
  ValueBases& bases = decoder.bases();
  for (std::size_t i = 0; i < bases.size(); ++i) {
    if (bases.are_known[i] == 0) continue;
    bases.values[i] = static_cast<double>(decoder.row_refs()[i] % 1000) / 4;
    bases.exponents[i] = 2;
  }
}

// What is decoded is encoded against the same bases, read again, and is the same.
void WriteAndRead(const BatchRecord& batch, const ValueBases& bases) {
  ValueBases scratch = bases;
  std::string bytes;
  narthex::wal::EncodeBatch(batch, scratch, bytes);
  NARTHEX_CHECK(bytes.size() <= narthex::wal::BatchSizeMax(batch.refs.size()), "the bound holds");
  BatchDecoder decoder;
  const auto keys = decoder.DecodeKeys(bytes);
  NARTHEX_CHECK(keys.ok(), "what is written is read");
  ValueBases& again = decoder.bases();
  NARTHEX_CHECK(again.are_known == bases.are_known, "with the same bases");
  again = bases;
  const auto values = decoder.DecodeValues();
  NARTHEX_CHECK(values.ok(), "what is written is read");
  NARTHEX_CHECK(std::ranges::equal(keys->refs, batch.refs) &&
                    std::ranges::equal(keys->timestamps, batch.timestamps) &&
                    std::ranges::equal(*values, batch.values, narthex::model::SameBits),
                "and is the same");
}

void Batch(std::string_view input) {
  BatchDecoder decoder;
  auto batch = decoder.DecodeKeys(input);
  if (!batch.ok()) return;
  // Rows of one reference side by side are one row when they are written.
  for (std::size_t i = 1; i < decoder.row_refs().size(); ++i) {
    if (decoder.row_refs()[i] == decoder.row_refs()[i - 1]) return;
  }
  FillBases(decoder);
  const ValueBases bases = decoder.bases();
  if (const auto values = decoder.DecodeValues(); values.ok()) {
    batch->values = *values;
  } else {
    // Mostly since the hash does not fit: the keys are sound all the same.
    const std::vector<double> zeros(batch->refs.size());
    return WriteAndRead({batch->group, batch->timestamp, batch->timestamps, batch->refs, zeros},
                        bases);
  }
  WriteAndRead(*batch, bases);
}

// What comes apart is put together again to the same bytes.
void Together(std::string_view input) {
  const auto records = narthex::wal::SplitTogether(input);
  if (!records || records->size() < 2) return;
  narthex::wal::RecordList list;
  for (const auto& [type, payload] : *records) list.Start(type).append(payload);
  const auto again = list.AsRecord();
  NARTHEX_CHECK(again.type == narthex::wal::RecordType::kTogether && again.payload == input,
                "records that were taken apart are put together as they were");
}

// Whatever is read is written to what reads the same.
template <typename Record>
void RoundTrip(std::string_view input, narthex::Result<Record> (*decode)(std::string_view),
               void (*encode)(const Record&, std::string&)) {
  const auto record = decode(input);
  if (!record.ok()) return;
  std::string bytes;
  encode(*record, bytes);
  const auto again = decode(bytes);
  NARTHEX_CHECK(again.ok(), "what is written is read");
  std::string same;
  encode(*again, same);
  NARTHEX_CHECK(same == bytes, "and is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  (void)narthex::wal::ScanRecords(
      input, [](narthex::wal::RecordType, std::string_view) { return narthex::Ok(); });
  RoundTrip(input, narthex::wal::DecodeSeries, narthex::wal::EncodeSeries);
  RoundTrip(input, narthex::wal::DecodeColumn, narthex::wal::EncodeColumn);
  RoundTrip(input, narthex::wal::DecodePage, narthex::wal::EncodePage);
  RoundTrip(input, narthex::wal::DecodeSamples, narthex::wal::EncodeSamples);
  RoundTrip(input, narthex::wal::DecodeStarts, narthex::wal::EncodeStarts);
  RoundTrip(input, narthex::wal::DecodeExemplars, narthex::wal::EncodeExemplars);
  Together(input);
  Batch(input);
  return 0;
}
