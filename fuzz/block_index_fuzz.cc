// The index and the meta file of a block: any bytes are read or refused.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "block/meta.h"
#include "index/index_file.h"
#include "index_format.h"

namespace {

using narthex::index::IndexFile;
using narthex::index::SeriesId;
using narthex::model::Matcher;
using narthex::model::MatchType;

// Asks everything there is to ask.
void AskAll(std::string_view bytes) {
  const auto opened = IndexFile::Open(bytes);
  if (!opened.ok()) return;
  const IndexFile& index = **opened;
  std::vector<SeriesId> ids = index.All();
  for (const SeriesId id : ids) {
    (void)index.Labels(id);
    (void)index.Payload(id);
  }
  (void)index.SortByLabels(ids);
  const std::vector<std::string> names = narthex::index::SelectNames(index, {}).value();
  for (const std::string& name : names) {
    const std::array matchers = {Matcher::NotEqual(name, "x"),
                                 Matcher::Make(MatchType::kRegex, name, "a.*|b").value()};
    (void)narthex::index::SelectSeries(index, matchers);
    (void)narthex::index::SelectNames(index, matchers);
    (void)narthex::index::SelectValues(index, name, matchers);
    index.VisitValues(name, [&](std::string_view value, std::size_t) {
      const std::array equal = {Matcher::Equal(name, std::string(value)), matchers.front()};
      (void)narthex::index::SelectSeries(index, equal);
    });
  }
}

// With checksums that fit: sections of which each begins with its size in two bytes.
void AskAssembled(std::string_view input) {
  std::array<std::string, narthex::index::kSectionCount> sections;
  for (std::string& section : sections) {
    if (input.size() < 2) break;
    const std::size_t size = static_cast<unsigned char>(input[0]) |
                             std::size_t{static_cast<unsigned char>(input[1])} << 8;
    section = input.substr(2, size);
    input.remove_prefix(2 + section.size());
  }
  const auto flags = static_cast<std::uint32_t>(input.size() % 2);
  AskAll(narthex::index::AssembleIndex(sections, flags).value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  (void)narthex::block::ParseMeta(input);
  AskAll(input);
  AskAssembled(input);
  return 0;
}
