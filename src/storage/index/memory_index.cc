#include "index/memory_index.h"

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/check.h"
#include "index/posting_list.h"
#include "symbol_table.h"

namespace narthex::index {
namespace {

// The labels of a series: their number, the low half of the set's hash, then name, value, name,
// value.
using Record = std::unique_ptr<std::uint32_t[]>;
constexpr std::size_t kRecordHeadLength = 2;

// Ids only ever grow, so blocks of them are freed as a whole when all their series are gone.
constexpr std::size_t kBlockLength = 1024;
struct Block {
  std::array<Record, kBlockLength> records;
  std::size_t used_count = 0;
};

struct Records {
  std::vector<std::unique_ptr<Block>> blocks;

  const std::uint32_t* At(SeriesId id) const {
    const std::size_t block = id / kBlockLength;
    if (block >= blocks.size() || blocks[block] == nullptr) return nullptr;
    return blocks[block]->records[id % kBlockLength].get();
  }
};

std::span<const std::uint32_t> PairsOf(const std::uint32_t* record) {
  return {record + kRecordHeadLength, std::size_t{record[0]} * 2};
}

struct IdHash {
  using is_transparent = void;
  const Records* records;
  std::size_t operator()(SeriesId id) const { return records->At(id)[1]; }
  std::size_t operator()(const model::LabelSet& labels) const {
    return static_cast<std::uint32_t>(labels.Hash());
  }
};

struct IdEqual {
  using is_transparent = void;
  const Records* records;
  const SymbolTable* symbols;
  bool operator()(SeriesId a, SeriesId b) const { return a == b; }
  bool operator()(SeriesId id, const model::LabelSet& labels) const {
    std::span<const std::uint32_t> pairs = PairsOf(records->At(id));
    for (const model::Label& label : labels) {
      if (pairs.empty() || symbols->Text(pairs[0]) != label.name ||
          symbols->Text(pairs[1]) != label.value) {
        return false;
      }
      pairs = pairs.subspan(2);
    }
    return pairs.empty();
  }
  bool operator()(const model::LabelSet& labels, SeriesId id) const { return (*this)(id, labels); }
};

using Values = boost::unordered_flat_map<Symbol, PostingList>;

}  // namespace

struct MemoryIndex::Tables {
  SymbolTable symbols;
  Records records;
  boost::unordered_flat_set<SeriesId, IdHash, IdEqual> by_labels{0, IdHash{&records},
                                                                 IdEqual{&records, &symbols}};
  boost::unordered_flat_map<Symbol, Values> by_name;

  const Values* FindValues(std::string_view name) const {
    const auto symbol = symbols.Find(name);
    if (!symbol) return nullptr;
    const auto found = by_name.find(*symbol);
    return found == by_name.end() ? nullptr : &found->second;
  }
};

MemoryIndex::MemoryIndex() : tables_(std::make_unique<Tables>()) {}
MemoryIndex::~MemoryIndex() = default;

std::optional<SeriesId> MemoryIndex::Find(const model::LabelSet& labels) const {
  const auto found = tables_->by_labels.find(labels);
  if (found == tables_->by_labels.end()) return std::nullopt;
  return *found;
}

void MemoryIndex::Add(SeriesId id, const model::LabelSet& labels) {
  Records& records = tables_->records;
  const std::size_t label_count = labels.size();
  auto record =
      std::make_unique_for_overwrite<std::uint32_t[]>(kRecordHeadLength + label_count * 2);
  record[0] = static_cast<std::uint32_t>(label_count);
  record[1] = static_cast<std::uint32_t>(labels.Hash());
  std::size_t at = kRecordHeadLength;
  for (const model::Label& label : labels) {
    const Symbol name = tables_->symbols.Acquire(label.name);
    const Symbol value = tables_->symbols.Acquire(label.value);
    record[at++] = name;
    record[at++] = value;
    tables_->by_name[name][value].Append(id);
  }

  const std::size_t block = id / kBlockLength;
  if (records.blocks.size() <= block) records.blocks.resize(block + 1);
  if (records.blocks[block] == nullptr) records.blocks[block] = std::make_unique<Block>();
  Record& slot = records.blocks[block]->records[id % kBlockLength];
  NARTHEX_CHECK(slot == nullptr, "ids are not given out twice");
  slot = std::move(record);
  ++records.blocks[block]->used_count;
  tables_->by_labels.insert(id);
}

void MemoryIndex::Remove(std::span<const SeriesId> ids) {
  // Each list that loses series is written anew once, however many it loses.
  boost::unordered_flat_map<Symbol, boost::unordered_flat_set<Symbol>> touched;
  std::vector<SeriesId> removed;
  for (const SeriesId id : ids) {
    const std::uint32_t* record = tables_->records.At(id);
    if (record == nullptr) continue;
    removed.push_back(id);
    tables_->by_labels.erase(id);
    const auto pairs = PairsOf(record);
    for (std::size_t i = 0; i < pairs.size(); i += 2) touched[pairs[i]].insert(pairs[i + 1]);
  }
  std::vector<SeriesId> before;
  std::vector<SeriesId> after;
  for (const auto& [name, values] : touched) {
    Values& lists = tables_->by_name[name];
    for (const Symbol value : values) {
      before.clear();
      after.clear();
      lists[value].AppendTo(before);
      std::ranges::set_difference(before, removed, std::back_inserter(after));
      if (after.empty()) {
        lists.erase(value);
      } else {
        lists[value] = PostingList::From(after);
      }
    }
    if (lists.empty()) tables_->by_name.erase(name);
  }
  for (const SeriesId id : removed) {
    std::unique_ptr<Block>& block = tables_->records.blocks[id / kBlockLength];
    Record& record = block->records[id % kBlockLength];
    for (const Symbol symbol : PairsOf(record.get())) tables_->symbols.Release(symbol);
    record.reset();
    if (--block->used_count == 0) block.reset();
  }
}

std::size_t MemoryIndex::series_count() const { return tables_->by_labels.size(); }

std::vector<SeriesId> MemoryIndex::All() const {
  std::vector<SeriesId> ids;
  ids.reserve(series_count());
  const auto& blocks = tables_->records.blocks;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    if (blocks[block] == nullptr) continue;
    for (std::size_t i = 0; i < kBlockLength; ++i) {
      if (blocks[block]->records[i] != nullptr) {
        ids.push_back(static_cast<SeriesId>(block * kBlockLength + i));
      }
    }
  }
  return ids;
}

std::vector<SeriesId> MemoryIndex::Postings(std::string_view name, std::string_view value) const {
  std::vector<SeriesId> ids;
  const Values* values = tables_->FindValues(name);
  const auto symbol = tables_->symbols.Find(value);
  if (values == nullptr || !symbol) return ids;
  const auto found = values->find(*symbol);
  if (found == values->end()) return ids;
  ids.reserve(found->second.size());
  found->second.AppendTo(ids);
  return ids;
}

std::vector<SeriesId> MemoryIndex::PostingsWhere(
    std::string_view name, std::string_view prefix,
    const std::function<bool(std::string_view)>& accepts) const {
  std::vector<SeriesId> ids;
  const Values* values = tables_->FindValues(name);
  if (values == nullptr) return ids;
  for (const auto& [value, list] : *values) {
    const std::string_view text = tables_->symbols.Text(value);
    if (text.starts_with(prefix) && accepts(text)) list.AppendTo(ids);
  }
  return ids;
}

std::size_t MemoryIndex::ValueCount(std::string_view name) const {
  const Values* values = tables_->FindValues(name);
  return values == nullptr ? 0 : values->size();
}

std::string_view MemoryIndex::ValueOf(SeriesId id, std::string_view name) const {
  const std::uint32_t* record = tables_->records.At(id);
  if (record == nullptr) return {};
  const auto pairs = PairsOf(record);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    if (tables_->symbols.Text(pairs[i]) == name) return tables_->symbols.Text(pairs[i + 1]);
  }
  return {};
}

model::LabelSet MemoryIndex::Labels(SeriesId id) const {
  const std::uint32_t* record = tables_->records.At(id);
  if (record == nullptr) return {};
  const auto pairs = PairsOf(record);
  std::array<model::Label, 32> few;
  std::vector<model::Label> many;
  std::span<model::Label> labels = few;
  if (pairs.size() / 2 > few.size()) {
    many.resize(pairs.size() / 2);
    labels = many;
  }
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    labels[i / 2] = {tables_->symbols.Text(pairs[i]), tables_->symbols.Text(pairs[i + 1])};
  }
  return model::LabelSet::From(labels.first(pairs.size() / 2));
}

void MemoryIndex::VisitNames(const Visitor& visit) const {
  for (const auto& [name, values] : tables_->by_name) {
    std::size_t count = 0;
    for (const auto& [value, list] : values) count += list.size();
    visit(tables_->symbols.Text(name), count);
  }
}

void MemoryIndex::VisitValues(std::string_view name, const Visitor& visit) const {
  const Values* values = tables_->FindValues(name);
  if (values == nullptr) return;
  for (const auto& [value, list] : *values) visit(tables_->symbols.Text(value), list.size());
}

std::size_t MemoryIndex::symbol_count() const { return tables_->symbols.size(); }
std::size_t MemoryIndex::symbol_bytes() const { return tables_->symbols.text_bytes(); }

}  // namespace narthex::index
