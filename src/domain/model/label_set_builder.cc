#include <algorithm>

#include "base/bytes.h"
#include "model/labels.h"

namespace narthex::model {
namespace {

using Pair = std::pair<std::string, std::string>;

template <typename Pairs>
auto Find(Pairs& labels, std::string_view name) {
  return std::lower_bound(
      labels.begin(), labels.end(), name,
      [](const Pair& label, std::string_view key) { return label.first < key; });
}

}  // namespace

LabelSetBuilder::LabelSetBuilder(const LabelSet& base) { Reset(base); }

LabelSetBuilder& LabelSetBuilder::Set(std::string_view name, std::string_view value) {
  if (value.empty()) return Remove(name);
  const auto place = Find(labels_, name);
  if (place != labels_.end() && place->first == name) {
    place->second.assign(value);
  } else {
    labels_.emplace(place, name, value);
  }
  return *this;
}

LabelSetBuilder& LabelSetBuilder::Remove(std::string_view name) {
  const auto place = Find(labels_, name);
  if (place != labels_.end() && place->first == name) labels_.erase(place);
  return *this;
}

void LabelSetBuilder::Reset(const LabelSet& base) {
  labels_.clear();
  for (const Label& label : base) labels_.emplace_back(label.name, label.value);
}

std::string_view LabelSetBuilder::Get(std::string_view name) const {
  const auto place = Find(labels_, name);
  return place != labels_.end() && place->first == name ? std::string_view(place->second)
                                                        : std::string_view();
}

LabelSet LabelSetBuilder::Build() const {
  LabelSet result;
  for (const auto& [name, value] : labels_) {
    PutLengthPrefixed(result.encoded_, name);
    PutLengthPrefixed(result.encoded_, value);
  }
  return result;
}

}  // namespace narthex::model
