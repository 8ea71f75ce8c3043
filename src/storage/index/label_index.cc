#include "index/label_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>

#include "base/alive_order.h"
#include "record.h"

namespace narthex::index {

std::size_t ShapeView::Find(NameId name) const {
  std::size_t i = 0;
  while (i < size() && At(i) != name) ++i;
  return i;
}

std::size_t LabelIndex::ValueCount(std::string_view name) const {
  const auto id = FindName(name);
  return id ? Counts(*id).value_count : 0;
}

std::string_view LabelIndex::ValueOf(SeriesId id, std::string_view name) const {
  const auto name_id = FindName(name);
  RecordReader record(Record(id));
  const auto shape_id = record.Next();
  if (!name_id || !shape_id) return {};
  const ShapeView shape = Shape(*shape_id);
  const std::size_t place = shape.Find(*name_id);
  if (place == shape.size()) return {};
  record.Skip(place);
  const auto value = record.Next();
  return value ? ValueText(*name_id, *value) : std::string_view();
}

model::LabelSet LabelIndex::Labels(SeriesId id) const {
  RecordReader record(Record(id));
  const auto shape_id = record.Next();
  if (!shape_id) return {};
  const ShapeView shape = Shape(*shape_id);
  std::array<model::Label, 24> few;
  std::vector<model::Label> many;
  std::span<model::Label> labels = few;
  if (shape.size() > few.size()) {
    many.resize(shape.size());
    labels = many;
  }
  std::size_t count = 0;
  for (; count < shape.size(); ++count) {
    const auto value = record.Next();
    if (!value) break;
    labels[count] = {NameText(shape.At(count)), ValueText(shape.At(count), *value)};
  }
  return model::LabelSet::FromSorted(labels.first(count));
}

LabelReader::LabelReader(const LabelIndex& index, const std::vector<std::string>* names)
    : index_(index), has_all_(names == nullptr) {
  if (names == nullptr) return;
  for (const std::string& name : *names) {
    if (const auto id = index.FindName(name)) names_.push_back(*id);
  }
}

void LabelReader::Use(ShapeId shape) {
  if (has_shape_ && shape == shape_) return;
  has_shape_ = true;
  shape_ = shape;
  places_.clear();
  const ShapeView view = index_.Shape(shape);
  for (std::size_t i = 0; i < view.size(); ++i) {
    Place& place = places_.emplace_back();
    place.name = view.At(i);
    place.is_wanted = has_all_ || std::ranges::find(names_, place.name) != names_.end();
    if (place.is_wanted) place.label.name = index_.NameText(place.name);
  }
}

model::LabelSet LabelReader::Read(SeriesId id) {
  if (!has_all_ && names_.empty()) return {};
  RecordReader record(index_.Record(id));
  const auto shape = record.Next();
  if (!shape) return {};
  Use(*shape);
  labels_.clear();
  for (Place& place : places_) {
    const auto value = record.Next();
    if (!value) break;
    if (!place.is_wanted) continue;
    if (!place.is_known || place.value != *value) {
      place.label.value = index_.ValueText(place.name, *value);
      place.value = *value;
      place.is_known = true;
    }
    labels_.push_back(place.label);
  }
  return model::LabelSet::FromSorted(labels_);
}

void LabelIndex::VisitNames(const Visitor& visit) const {
  for (const NameId name : Names()) visit(NameText(name), Counts(name).series_count);
}

void LabelIndex::VisitValues(std::string_view name, const Visitor& visit) const {
  const auto id = FindName(name);
  if (!id) return;
  VisitPrefix(*id, {}, [&](ValueId value, std::string_view text) {
    visit(text, Postings(*id, value).count);
    return true;
  });
}

namespace {

// Series whose labels are looked at between two questions: each takes up to 1 us.
constexpr std::size_t kLabelSetsPerQuestion = 1024;

// The labels of some series as numbers that compare as the labels do.
class LabelRanks {
 public:
  explicit LabelRanks(const LabelIndex& index) : index_(index) {}

  // Once. Errors: those of `check`
  Status Read(std::span<const SeriesId> ids, const AliveCheck& check) {
    AliveMeter meter(check, kLabelSetsPerQuestion);
    ends_.reserve(ids.size());
    for (const SeriesId id : ids) {
      if (!meter.MayGoOn()) return meter.status();
      Collect(id);
      ends_.push_back(numbers_.size());
    }
    return Rank(check);
  }

  // Ranks are below it.
  std::size_t count() const { return pairs_.size(); }
  std::span<const std::uint32_t> Of(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(numbers_).subspan(begin, ends_[i] - begin);
  }

 private:
  void Collect(SeriesId id) {
    RecordReader record(index_.Record(id));
    const auto shape_id = record.Next();
    if (!shape_id) return;
    if (*shape_id != shape_id_ || shape_.size() == 0) {
      shape_id_ = *shape_id;
      shape_ = index_.Shape(shape_id_);
    }
    if (before_.size() < shape_.size()) before_.resize(shape_.size());
    for (std::size_t i = 0; i < shape_.size(); ++i) {
      const auto value = record.Next();
      if (!value) return;
      const std::uint64_t pair = std::uint64_t{shape_.At(i)} << 32 | *value;
      if (before_[i].pair != pair) before_[i] = {pair, NumberOf(pair)};
      numbers_.push_back(before_[i].number);
    }
  }

  std::uint32_t NumberOf(std::uint64_t pair) {
    const auto next = static_cast<std::uint32_t>(pairs_.size());
    const auto [entry, is_new] = known_.try_emplace(pair, next);
    if (is_new) {
      const auto name = static_cast<NameId>(pair >> 32);
      const auto value = static_cast<ValueId>(pair);
      pairs_.push_back({index_.NameText(name), index_.ValueText(name, value)});
    }
    return entry->second;
  }

  // From numbers in order of appearance to numbers in order of labels.
  Status Rank(const AliveCheck& check) {
    std::vector<std::uint32_t> order(pairs_.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto is_before = [this](std::uint32_t a, std::uint32_t b) {
      return pairs_[a] < pairs_[b];
    };
    NARTHEX_TRY(SortWhileAlive(order, is_before, check));
    std::vector<std::uint32_t> ranks(pairs_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) ranks[order[i]] = i;
    for (std::uint32_t& number : numbers_) number = ranks[number];
    return Ok();
  }

  const LabelIndex& index_;
  ShapeId shape_id_ = 0;
  ShapeView shape_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> known_;  // name and value to number
  std::vector<model::Label> pairs_;                                // by number
  std::vector<std::uint32_t> numbers_;                             // of all series
  std::vector<std::size_t> ends_;                                  // of each series' numbers
  // Of the series before, by place: neighbours have most labels in common.
  struct Numbered {
    std::uint64_t pair = UINT64_MAX;
    std::uint32_t number = 0;
  };
  std::vector<Numbered> before_;
};

// The first ranks of a series, as many as fit: mostly all, and then the rest need not be looked at.
struct SortKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::size_t index = 0;
};

SortKey MakeSortKey(std::span<const std::uint32_t> ranks, std::size_t rank_bits,
                    std::size_t index) {
  SortKey key{0, 0, index};
  std::size_t next = 0;
  for (std::uint64_t* word : {&key.high, &key.low}) {
    for (std::size_t left = 64; left >= rank_bits; left -= rank_bits) {
      // Counted from 1, so that a set that is the beginning of another comes first.
      const std::uint64_t rank = next < ranks.size() ? ranks[next] + std::uint64_t{1} : 0;
      *word |= rank << (left - rank_bits);
      ++next;
    }
  }
  return key;
}

}  // namespace

Status LabelIndex::SortByLabels(std::vector<SeriesId>& ids, const AliveCheck& check) const {
  LabelRanks ranks(*this);
  NARTHEX_TRY(ranks.Read(ids, check));
  const auto rank_bits = static_cast<std::size_t>(std::bit_width(ranks.count() + 1));
  std::vector<SortKey> keys;
  keys.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    keys.push_back(MakeSortKey(ranks.Of(i), rank_bits, i));
  }
  const auto is_before = [&ranks](const SortKey& a, const SortKey& b) {
    if (a.high != b.high) return a.high < b.high;
    if (a.low != b.low) return a.low < b.low;
    return std::ranges::lexicographical_compare(ranks.Of(a.index), ranks.Of(b.index));
  };
  NARTHEX_TRY(SortWhileAlive(keys, is_before, check));
  std::vector<SeriesId> sorted;
  sorted.reserve(ids.size());
  for (const SortKey& key : keys) sorted.push_back(ids[key.index]);
  ids = std::move(sorted);
  return Ok();
}

Result<std::vector<std::string>> SelectNames(const LabelIndex& index,
                                             std::span<const model::Matcher> matchers,
                                             const AliveCheck& check) {
  std::vector<bool> has_shape;
  std::vector<bool> has_name;
  const auto mark = [](std::vector<bool>& bits, std::size_t i) {
    if (bits.size() <= i) bits.resize(i + 1);
    const bool was = bits[i];
    bits[i] = true;
    return !was;
  };
  std::vector<std::string> names;
  const auto add_names = [&](const ShapeView& shape) {
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const bool is_there = index.Counts(shape.At(i)).value_count > 0;
      if (is_there && mark(has_name, shape.At(i))) {
        names.emplace_back(index.NameText(shape.At(i)));
      }
    }
  };
  if (matchers.empty()) {
    index.VisitNames([&](std::string_view name, std::size_t) { names.emplace_back(name); });
  } else {
    NARTHEX_ASSIGN_OR_RETURN(const std::vector<SeriesId> ids, SelectSeries(index, matchers, check));
    AliveMeter meter(check, kLabelSetsPerQuestion);
    for (const SeriesId id : ids) {
      if (!meter.MayGoOn()) return meter.status().error();
      const auto shape_id = RecordReader(index.Record(id)).Next();
      const ShapeView shape = shape_id ? index.Shape(*shape_id) : ShapeView();
      if (shape.size() > 0 && mark(has_shape, *shape_id)) add_names(shape);
    }
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace narthex::index
