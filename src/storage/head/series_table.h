// The series of the head by reference and by labels.
#pragma once

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

#include "index/memory_index.h"
#include "series.h"
#include "storage/appender.h"

namespace narthex::head {

// Not thread-safe: guarded by the head's index lock. Series stay where they are until Take().
class SeriesTable {
 public:
  const index::MemoryIndex& index() const { return index_; }

  Series* Find(storage::SeriesRef ref) const {
    const std::size_t block = ref / kBlockLength;
    if (block >= blocks_.size() || blocks_[block] == nullptr) return nullptr;
    return blocks_[block]->series[ref % kBlockLength].get();
  }

  // References ascend from call to call.
  Series& Add(storage::SeriesRef ref, const model::LabelSet& labels) {
    AddLabels(ref, labels);
    AddHash(ref, labels.Hash());
    return AddByRef(ref);
  }
  // The parts of Add, for replay: the first touches nothing that the others do. See MemoryIndex.
  void AddLabels(storage::SeriesRef ref, const model::LabelSet& labels) {
    index_.AddLabels(static_cast<index::SeriesId>(ref), labels);
  }
  void AddHash(storage::SeriesRef ref, std::uint64_t hash) {
    index_.AddHash(static_cast<index::SeriesId>(ref), hash);
  }
  bool TryAddHash(storage::SeriesRef ref, std::uint64_t hash) {
    return index_.TryAddHash(static_cast<index::SeriesId>(ref), hash);
  }
  Series& AddByRef(storage::SeriesRef ref) {
    const std::size_t block = ref / kBlockLength;
    if (blocks_.size() <= block) blocks_.resize(block + 1);
    if (blocks_[block] == nullptr) blocks_[block] = std::make_unique<Block>();
    ++blocks_[block]->used_count;
    auto& slot = blocks_[block]->series[ref % kBlockLength];
    slot = std::make_unique<Series>(static_cast<index::SeriesId>(ref));
    return *slot;
  }

  // Also of series that were taken away and not forgotten yet; empty for others.
  model::LabelSet Labels(index::SeriesId id) const {
    const auto taken = taken_labels_.find(id);
    return taken != taken_labels_.end() ? taken->second : index_.Labels(id);
  }

  enum class TakenLabels { kForget, kKeep };

  // Removes the series, which must be there, and hands them over. Their labels are kept for those
  // who found the series before, until ForgetTaken().
  std::vector<std::unique_ptr<Series>> Take(const std::vector<index::SeriesId>& ids,
                                            TakenLabels labels) {
    if (labels == TakenLabels::kKeep) {
      for (const index::SeriesId id : ids) taken_labels_.emplace(id, index_.Labels(id));
    }
    index_.Remove(ids);
    std::vector<std::unique_ptr<Series>> taken;
    for (const index::SeriesId id : ids) {
      std::unique_ptr<Block>& block = blocks_[id / kBlockLength];
      taken.push_back(std::move(block->series[id % kBlockLength]));
      if (--block->used_count == 0) block.reset();
    }
    return taken;
  }
  void ForgetTaken() { taken_labels_.clear(); }

 private:
  // References only ever grow, so blocks of them are freed as a whole.
  static constexpr std::size_t kBlockLength = 1024;
  struct Block {
    std::array<std::unique_ptr<Series>, kBlockLength> series;
    std::size_t used_count = 0;
  };

  index::MemoryIndex index_;
  std::unordered_map<index::SeriesId, model::LabelSet> taken_labels_;
  std::vector<std::unique_ptr<Block>> blocks_;
};

}  // namespace narthex::head
