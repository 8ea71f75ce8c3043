// What belongs to label sets, for very many of them.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/labels.h"
#include "work_meter.h"

namespace narthex::engine {

// A map that grows without a long pause: a hash table of a million entries takes tens of
// milliseconds to grow, in which no query asks whether it goes on. So there are many, from a
// certain size on. Not thread-safe. References to values stay true.
template <typename T>
class LabelMap {
 public:
  struct Place {
    const model::LabelSet& labels;
    T& value;
    bool is_new;
  };

  // The value of `labels`; made of `arguments` if there is none.
  template <typename... Arguments>
  Place TryEmplace(model::LabelSet labels, Arguments&&... arguments) {
    const std::size_t hash = labels.Hash();
    if (tables_.size() == 1 && tables_[0].size() >= kTableSizeMax) Split();
    const auto made = TableOf(hash).try_emplace(Key{std::move(labels), hash},
                                                std::forward<Arguments>(arguments)...);
    return {made.first->first.labels, made.first->second, made.second};
  }

  // Null if there is none.
  T* Find(const model::LabelSet& labels) {
    const std::size_t hash = labels.Hash();
    Table& table = TableOf(hash);
    const auto found = table.find(View{labels, hash});
    return found == table.end() ? nullptr : &found->second;
  }

  // Frees all entries as FreeWhileAlive() does.
  Status Free(WorkMeter& meter) {
    for (Table& table : tables_) {
      while (!table.empty()) {
        if (!meter.MayGoOn(kFreeingCost)) return meter.status();
        table.erase(table.begin());
      }
    }
    return Ok();
  }

  // Calls `visit(labels, value)` for each until it gives an error, which is passed on.
  template <typename Visit>
  Status ForEach(Visit&& visit) {
    for (Table& table : tables_) {
      for (auto& [key, value] : table) NARTHEX_TRY(visit(key.labels, value));
    }
    return Ok();
  }

 private:
  // Hashes are kept: to grow, no label set is looked at.
  struct Key {
    model::LabelSet labels;
    std::size_t hash;
  };
  struct View {
    const model::LabelSet& labels;
    std::size_t hash;
  };
  struct HashOf {
    using is_transparent = void;
    std::size_t operator()(const Key& key) const noexcept { return key.hash; }
    std::size_t operator()(const View& view) const noexcept { return view.hash; }
  };
  struct IsEqual {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return a.hash == b.hash && a.labels == b.labels;
    }
  };
  using Table = std::unordered_map<Key, T, HashOf, IsEqual>;

  // A table as long as this one grows within a millisecond or two.
  static constexpr std::size_t kTableSizeMax = std::size_t{16} << 10;
  static constexpr std::size_t kTableCountMax = 64;

  // By the upper bits: the lower ones find the place within a table.
  Table& TableOf(std::size_t hash) {
    return tables_.size() == 1 ? tables_[0] : tables_[hash >> 58];
  }

  void Split() {
    std::vector<Table> tables(kTableCountMax);
    while (!tables_[0].empty()) {
      auto node = tables_[0].extract(tables_[0].begin());
      Table& table = tables[node.key().hash >> 58];
      table.insert(std::move(node));
    }
    tables_ = std::move(tables);
  }

  std::vector<Table> tables_ = std::vector<Table>(1);
};

}  // namespace narthex::engine
