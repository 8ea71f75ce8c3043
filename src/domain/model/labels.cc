#include "model/labels.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"

namespace narthex::model {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendLabel(std::string& encoded, std::string_view name, std::string_view value) {
  PutLengthPrefixed(encoded, name);
  PutLengthPrefixed(encoded, value);
}

// The length at `offset`, which moves behind it. Only for encodings made or checked by this file.
std::size_t TakeLength(std::string_view encoded, std::size_t& offset) {
  const auto first = static_cast<unsigned char>(encoded[offset++]);
  if (first < 0x80) return first;
  std::size_t length = first & 0x7fU;
  for (unsigned shift = 7;; shift += 7) {
    const auto byte = static_cast<unsigned char>(encoded[offset++]);
    length |= static_cast<std::size_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return length;
  }
}

// The text behind the length at `offset`, which moves behind it. Null if that is malformed, or a
// length of more bytes than it needs: equal sets must be equal strings.
std::string_view TakeChecked(std::string_view encoded, std::size_t& offset) {
  if (offset == encoded.size()) return {};
  std::uint64_t size = static_cast<unsigned char>(encoded[offset]);
  if (size < 0x80) {
    ++offset;
  } else {
    ByteReader reader(encoded.substr(offset));
    const auto length = reader.ReadVarint();
    if (!length) return {};
    size = *length;
    offset += reader.offset();
    if (encoded[offset - 1] == '\0') return {};
  }
  if (size > encoded.size() - offset) return {};
  const std::string_view text = encoded.substr(offset, static_cast<std::size_t>(size));
  offset += text.size();
  return text;
}

// Mostly the first byte tells.
bool IsBefore(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty() || a[0] == b[0]) return a < b;
  return static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0]);
}

template <typename Accept>
void AppendIf(std::string& encoded, const LabelSet& labels, Accept accept) {
  for (const Label& label : labels) {
    if (accept(label.name)) AppendLabel(encoded, label.name, label.value);
  }
}

bool Contains(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// By name; of equal names the one given last comes last.
struct Sortable {
  Label label;
  std::size_t position;

  bool operator<(const Sortable& other) const {
    const int order = label.name.compare(other.label.name);
    return order != 0 ? order < 0 : position < other.position;
  }
};

void AppendPair(std::string& out, const Label& label) {
  out += IsLegacyLabelName(label.name) ? std::string(label.name) : Quote(label.name);
  out += '=';
  out += Quote(label.value);
}

}  // namespace

void LabelSet::const_iterator::Load() {
  if (rest_.empty()) return;
  std::size_t offset = 0;
  const std::size_t name_size = TakeLength(rest_, offset);
  label_.name = std::string_view(rest_.data() + offset, name_size);
  offset += name_size;
  const std::size_t value_size = TakeLength(rest_, offset);
  label_.value = std::string_view(rest_.data() + offset, value_size);
  size_ = offset + value_size;
}

LabelSet::LabelSet(std::initializer_list<Label> labels)
    : LabelSet(From(std::span<const Label>(labels.begin(), labels.size()))) {}

LabelSet LabelSet::From(std::span<const Label> labels) {
  std::vector<Sortable> sorted;
  sorted.reserve(labels.size());
  for (const Label& label : labels) sorted.push_back({label, sorted.size()});
  if (!std::is_sorted(sorted.begin(), sorted.end())) std::sort(sorted.begin(), sorted.end());
  LabelSet result;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Label& label = sorted[i].label;
    if (i + 1 < sorted.size() && sorted[i + 1].label.name == label.name) continue;
    if (!label.value.empty()) AppendLabel(result.encoded_, label.name, label.value);
  }
  return result;
}

LabelSet LabelSet::FromSorted(std::span<const Label> labels) {
  LabelSet result;
  std::size_t size = 0;
  std::string_view before;
  for (const Label& label : labels) {
    const bool is_first = &label == labels.data();
    if (label.value.empty() || (!is_first && label.name <= before)) return From(labels);
    before = label.name;
    size += label.name.size() + label.value.size() + 2;
  }
  result.encoded_.reserve(size);
  for (const Label& label : labels) AppendLabel(result.encoded_, label.name, label.value);
  return result;
}

LabelSet LabelSet::From(std::vector<std::pair<std::string, std::string>> labels) {
  std::vector<Label> views;
  views.reserve(labels.size());
  for (const auto& [name, value] : labels) views.push_back({name, value});
  return From(std::span<const Label>(views));
}

std::optional<LabelSet> LabelSet::Decode(std::string_view encoded) {
  std::string_view previous;
  for (std::size_t offset = 0; offset < encoded.size();) {
    const bool is_first = offset == 0;
    const std::string_view name = TakeChecked(encoded, offset);
    const std::string_view value = TakeChecked(encoded, offset);
    if (name.data() == nullptr || value.empty()) return std::nullopt;
    if (!is_first && !IsBefore(previous, name)) return std::nullopt;
    previous = name;
  }
  LabelSet result;
  result.encoded_ = encoded;
  return result;
}

std::size_t LabelSet::size() const {
  return static_cast<std::size_t>(std::distance(begin(), end()));
}

std::string_view LabelSet::Get(std::string_view name) const {
  for (const Label& label : *this) {
    if (label.name == name) return label.value;
    if (label.name > name) break;
  }
  return {};
}

bool LabelSet::Has(std::string_view name) const { return !Get(name).empty(); }

LabelSet LabelSet::Keep(std::span<const std::string> names) const {
  LabelSet result;
  AppendIf(result.encoded_, *this, [&](std::string_view name) { return Contains(names, name); });
  return result;
}

LabelSet LabelSet::Drop(std::span<const std::string> names) const {
  LabelSet result;
  AppendIf(result.encoded_, *this, [&](std::string_view name) { return !Contains(names, name); });
  return result;
}

LabelSet LabelSet::DropMetricName() const {
  LabelSet result;
  AppendIf(result.encoded_, *this, [](std::string_view name) { return name != kMetricName; });
  return result;
}

std::uint64_t LabelSet::Hash() const { return Hash64(encoded_); }

std::uint64_t LabelSet::StableHash() const {
  constexpr char kSeparator = '\xff';
  std::string bytes;
  bytes.reserve(encoded_.size() + 16);
  for (const Label& label : *this) {
    bytes.append(label.name).push_back(kSeparator);
    bytes.append(label.value).push_back(kSeparator);
  }
  return Hash64(bytes);
}

std::string LabelSet::ToString() const {
  std::string out = "{";
  for (const Label& label : *this) {
    if (out.size() > 1) out += ", ";
    AppendPair(out, label);
  }
  out += '}';
  return out;
}

std::string LabelSet::ToMetricString() const {
  const std::string_view name = Get(kMetricName);
  const bool is_legacy = IsLegacyMetricName(name);
  std::string pairs;
  if (!name.empty() && !is_legacy) pairs = Quote(name);
  for (const Label& label : *this) {
    if (label.name == kMetricName) continue;
    if (!pairs.empty()) pairs += ", ";
    AppendPair(pairs, label);
  }
  std::string out = is_legacy ? std::string(name) : std::string();
  if (!pairs.empty() || out.empty()) out += '{' + pairs + '}';
  return out;
}

std::strong_ordering operator<=>(const LabelSet& a, const LabelSet& b) {
  auto left = a.begin();
  auto right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right) {
    if (const auto order = *left <=> *right; order != 0) return order;
  }
  if (left != a.end()) return std::strong_ordering::greater;
  if (right != b.end()) return std::strong_ordering::less;
  return std::strong_ordering::equal;
}

bool IsLegacyMetricName(std::string_view name) {
  if (name.empty() || IsDigit(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return IsLetter(c) || IsDigit(c) || c == ':'; });
}

bool IsLegacyLabelName(std::string_view name) {
  if (name.empty() || IsDigit(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return IsLetter(c) || IsDigit(c); });
}

bool IsValidMetricName(std::string_view name, NameValidation validation) {
  return validation == NameValidation::kLegacy ? IsLegacyMetricName(name)
                                               : !name.empty() && IsUtf8(name);
}

bool IsValidLabelName(std::string_view name, NameValidation validation) {
  return validation == NameValidation::kLegacy ? IsLegacyLabelName(name)
                                               : !name.empty() && IsUtf8(name);
}

}  // namespace narthex::model
