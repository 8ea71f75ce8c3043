#include <algorithm>
#include <numeric>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "index/index_file.h"
#include "index_format.h"

namespace narthex::index {
namespace {

// A count, the ends of the strings, the strings.
class StringsWriter {
 public:
  void Add(std::string_view text) {
    bytes_.append(text);
    PutLittleEndian32(ends_, static_cast<std::uint32_t>(bytes_.size()));
    ++count_;
  }
  std::string Finish() const {
    std::string section;
    PutLittleEndian32(section, count_);
    return section.append(ends_).append(bytes_);
  }

 private:
  std::uint32_t count_ = 0;
  std::string ends_;
  std::string bytes_;
};

}  // namespace

IndexWriter::Symbol IndexWriter::Intern(std::string_view text) {
  const auto found = symbols_.find(text);
  if (found != symbols_.end()) return found->second;
  const auto symbol = static_cast<Symbol>(symbols_.size());
  symbols_.emplace(text, symbol);
  return symbol;
}

void IndexWriter::Add(const model::LabelSet& labels, std::string_view payload) {
  Entry& entry = entries_.emplace_back();
  entry.payload = payload;
  for (const model::Label& label : labels) {
    entry.labels.emplace_back(Intern(label.name), Intern(label.value));
  }
}

std::string IndexWriter::MakeSymbols(std::vector<Symbol>& new_numbers) const {
  new_numbers.resize(symbols_.size());
  StringsWriter writer;
  Symbol next = 0;
  for (const auto& [text, symbol] : symbols_) {
    new_numbers[symbol] = next++;
    writer.Add(text);
  }
  return writer.Finish();
}

std::string IndexWriter::MakeSeries() const {
  StringsWriter writer;
  std::string bytes;
  for (const Entry& entry : entries_) {
    bytes.clear();
    PutVarint(bytes, entry.labels.size());
    for (const auto& [name, value] : entry.labels) {
      PutVarint(bytes, name);
      PutVarint(bytes, value);
    }
    bytes.append(entry.payload);
    writer.Add(bytes);
  }
  return writer.Finish();
}

std::string IndexWriter::MakePostings() const {
  struct Posting {
    Symbol name, value;
    SeriesId id;
    auto operator<=>(const Posting&) const = default;
  };
  std::vector<Posting> postings;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (const auto& [name, value] : entries_[i].labels) {
      postings.push_back({name, value, static_cast<SeriesId>(i)});
    }
  }
  std::ranges::sort(postings);

  std::string table;
  std::string bytes;
  std::uint32_t list_count = 0;
  for (std::size_t at = 0; at < postings.size(); ++list_count) {
    const Posting& first = postings[at];
    SeriesId before = 0;
    std::uint32_t count = 0;
    for (; at < postings.size() && postings[at].name == first.name &&
           postings[at].value == first.value;
         ++at, ++count) {
      PutVarint(bytes, postings[at].id - before);
      before = postings[at].id;
    }
    PutLittleEndian32(table, first.name);
    PutLittleEndian32(table, first.value);
    PutLittleEndian32(table, static_cast<std::uint32_t>(bytes.size()));
    PutLittleEndian32(table, count);
  }
  std::string section;
  PutLittleEndian32(section, list_count);
  return section.append(table).append(bytes);
}

Result<std::string> IndexWriter::Finish() {
  std::vector<Symbol> new_numbers;
  std::vector<std::string> sections;
  sections.push_back(MakeSymbols(new_numbers));
  // Symbols are numbered in their order from here on, so that comparing numbers compares texts.
  for (Entry& entry : entries_) {
    for (auto& [name, value] : entry.labels) {
      name = new_numbers[name];
      value = new_numbers[value];
    }
  }
  sections.push_back(MakeSeries());
  sections.push_back(MakePostings());

  std::string out(kIndexMagic);
  std::string footer;
  for (const std::string& section : sections) {
    if (section.size() > kSectionSizeMax) {
      return Error{ErrorCode::kResourceExhausted, "a section of the index exceeds 4 GiB"};
    }
    PutLittleEndian64(footer, out.size());
    PutLittleEndian64(footer, section.size());
    PutLittleEndian32(footer, Crc32c(section));
    out.append(section);
  }
  PutLittleEndian32(footer, Crc32c(footer));
  return out.append(footer);
}

}  // namespace narthex::index
