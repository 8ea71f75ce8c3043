// An ascending list of series, compressed, and walking along one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace narthex::index {

// A series within one index.
using SeriesId = std::uint32_t;

// A list as it stands in memory or in a file. Does not own the bytes.
// Source: docs/formats/index.md, "Posting lists".
struct PostingView {
  std::string_view tokens;
  std::string_view skips;   // places to jump to, for long lists
  std::uint32_t count = 0;  // of the series that still exist
  // No id from here on is on the list. Where the bytes may be damaged, this bounds what they unpack
  // to.
  SeriesId id_end = std::numeric_limits<SeriesId>::max();
};

// Walks along a list. Whatever the bytes are, ids ascend, stay below the view's `id_end`, and
// reading stays inside the bytes; a malformed token is the end. The bytes must outlive the cursor.
class PostingCursor {
 public:
  explicit PostingCursor(const PostingView& view);

  bool at_end() const { return next_id_ == 0; }
  SeriesId id() const { return static_cast<SeriesId>(next_id_ - 1); }
  void Next() { Advance(1); }
  // To the first id from `target` on; stays where it is if that is not before it.
  void Seek(SeriesId target) {
    if (!at_end() && id() < target) SeekForward(target);
  }

  // How many ids behind this one follow it without a gap, as far as that is known at once.
  std::uint32_t run_left() const { return gap_ == 1 ? left_ : 0; }
  // `count` is 1, or at most run_left().
  void Advance(std::uint32_t count) {
    if (left_ >= count) {
      left_ -= count;
      next_id_ += gap_ * count;
    } else {
      ReadToken(next_id_);
    }
  }
  // Appends this id and all behind it, and is at the end.
  void AppendTo(std::vector<SeriesId>& out);

 private:
  // The token behind the id `base` - 1.
  void ReadToken(std::uint64_t base);
  void SeekForward(SeriesId target);
  bool Jump(std::uint64_t target);

  std::string_view tokens_;
  std::string_view skips_;
  std::size_t offset_ = 0;     // of the next token
  std::uint64_t next_id_ = 0;  // one more than the id; 0 at the end
  std::uint64_t gap_ = 0;
  std::uint32_t left_ = 0;  // ids of the token behind this one
  SeriesId id_end_;
};

// A list that grows at its end. Not thread-safe.
//
// Series of a target come one after another, so lists are mostly runs: a run of ids at the same
// distance is one token, whatever its length. A list of up to eight bytes needs no allocation.
class PostingList {
 public:
  PostingList() = default;
  PostingList(PostingList&& other) noexcept;
  PostingList& operator=(PostingList&& other) noexcept;
  PostingList(const PostingList&) = delete;
  PostingList& operator=(const PostingList&) = delete;
  ~PostingList();

  static PostingList From(std::span<const SeriesId> ids);

  // `id` must be larger than all in the list.
  void Append(SeriesId id);
  PostingView view() const;
  // Of ids in the list, less those noted as removed.
  std::size_t live_count() const { return count_ - removed_count_; }
  std::size_t removed_count() const { return removed_count_; }
  // That one id in the list stands for nothing any more. True when so many do that the list should
  // be made anew, once for each time.
  bool NoteRemoved();
  // Drops the ids that are not kept, which are those noted as removed.
  void Rebuild(const std::function<bool(SeriesId)>& is_kept);

 private:
  struct Heap;
  static constexpr std::size_t kInlineSize = 8;

  std::string_view tokens() const;
  // Counts one more id in the last token, where that is a matter of one byte.
  bool LengthenRun(std::uint64_t gap);
  // Replaces the last `size` bytes.
  void ReplaceTail(std::size_t size, std::string_view bytes);
  void AddSkip(Heap& heap) const;

  union {
    char inline_[kInlineSize] = {};
    Heap* heap_;
  };
  SeriesId last_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t removed_count_ = 0;
  std::uint8_t inline_size_ = 0;
  std::uint8_t tail_size_ = 0;  // of the last token
  bool is_heap_ = false;
};

// The ids of all lists, ascending. The lists have no id in common.
std::vector<SeriesId> Union(std::span<const PostingView> lists);

}  // namespace narthex::index
