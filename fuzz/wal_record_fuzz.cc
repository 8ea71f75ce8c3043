// Segments and records of the log: any bytes are read or refused, and records that are read are
// written back to what reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "wal/reader.h"
#include "wal/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  (void)narthex::wal::ScanRecords(
      input, [](narthex::wal::RecordType, std::string_view) { return narthex::Ok(); });
  (void)narthex::wal::DecodeSeries(input);
  (void)narthex::wal::DecodeColumn(input);
  (void)narthex::wal::DecodePage(input);
  narthex::wal::BatchDecoder decoder;
  const auto batch = decoder.Decode(input);
  if (!batch.ok()) return 0;
  std::string first;
  narthex::wal::EncodeBatch(*batch, first);
  std::string second;
  const auto again = decoder.Decode(first);
  NARTHEX_CHECK(again.ok(), "what is written is read");
  narthex::wal::EncodeBatch(*again, second);
  NARTHEX_CHECK(first == second, "and is the same");
  return 0;
}
