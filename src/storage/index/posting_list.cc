#include "index/posting_list.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "posting_format.h"

namespace narthex::index {
namespace {

// One token of at most ten bytes.
class TokenBytes {
 public:
  TokenBytes(std::uint64_t gap, std::uint64_t count) {
    Put(gap << 1 | (count > 1 ? 1 : 0));
    if (count > 1) Put(count);
  }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  void Put(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_[size_++] = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_[size_++] = static_cast<char>(value);
  }

  char bytes_[12];
  std::size_t size_ = 0;
};

}  // namespace

// The tokens of a list that are too many to stand in it; the bytes follow it.
struct PostingList::Heap {
  std::string* skips;  // owned; null while there are none
  std::uint32_t size;
  std::uint32_t capacity;
  std::uint32_t skip_offset;  // of the last skip, or 0

  char* bytes() { return reinterpret_cast<char*>(this + 1); }
};

PostingList::PostingList(PostingList&& other) noexcept { *this = std::move(other); }

PostingList& PostingList::operator=(PostingList&& other) noexcept {
  if (this == &other) return *this;
  static_assert(sizeof(Heap*) <= kInlineSize);
  std::swap(inline_, other.inline_);  // and so the pointer
  std::swap(last_, other.last_);
  std::swap(count_, other.count_);
  std::swap(removed_count_, other.removed_count_);
  std::swap(inline_size_, other.inline_size_);
  std::swap(tail_size_, other.tail_size_);
  std::swap(is_heap_, other.is_heap_);
  return *this;
}

PostingList::~PostingList() {
  if (!is_heap_) return;
  delete heap_->skips;  // tidy: allow naked delete, the owner lies in malloc'ed memory
  std::free(heap_);
}

PostingList PostingList::From(std::span<const SeriesId> ids) {
  PostingList list;
  for (const SeriesId id : ids) list.Append(id);
  return list;
}

std::string_view PostingList::tokens() const {
  if (is_heap_) return {heap_->bytes(), heap_->size};
  return {inline_, inline_size_};
}

PostingView PostingList::view() const {
  PostingView view;
  view.tokens = tokens();
  if (is_heap_ && heap_->skips != nullptr) view.skips = *heap_->skips;
  view.count = static_cast<std::uint32_t>(live_count());
  return view;
}

bool PostingList::LengthenRun(std::uint64_t gap) {
  // A byte for the gap, one or two for the count: nearly all runs.
  if (tail_size_ != 2 && tail_size_ != 3) return false;
  char* const end = is_heap_ ? heap_->bytes() + heap_->size : inline_ + inline_size_;
  auto* const token = reinterpret_cast<unsigned char*>(end - tail_size_);
  if (token[0] >= 0x80 || token[0] != (gap << 1 | 1)) return false;
  if (token[1] < 0x7f) {
    ++token[1];
  } else if (tail_size_ == 3 && token[1] != 0xff) {
    ++token[1];
  } else {
    return false;
  }
  return true;
}

void PostingList::Append(SeriesId id) {
  NARTHEX_DCHECK(count_ == 0 || id > last_, "posting lists ascend");
  const std::uint64_t gap = count_ == 0 ? std::uint64_t{id} + 1 : std::uint64_t{id} - last_;
  if (LengthenRun(gap)) {
    last_ = id;
    ++count_;
    return;
  }
  std::uint64_t count = 1;
  std::size_t replaced_size = 0;
  if (tail_size_ > 0) {
    const std::string_view all = tokens();
    const Token tail = ReadTokenAt(all, all.size() - tail_size_);
    if (tail.gap == gap) {
      count = tail.count + 1;
      replaced_size = tail_size_;
    }
  }
  const TokenBytes token(gap, count);
  if (replaced_size == 0 && is_heap_ && heap_->size - heap_->skip_offset >= kSkipDistance) {
    AddSkip(*heap_);
  }
  ReplaceTail(replaced_size, token.view());
  tail_size_ = static_cast<std::uint8_t>(token.view().size());
  last_ = id;
  ++count_;
}

void PostingList::AddSkip(Heap& heap) const {
  if (heap.skips == nullptr) heap.skips = std::make_unique<std::string>().release();
  // The next token starts here, and counts from the last id.
  PutLittleEndian32(*heap.skips, last_ + 1);
  PutLittleEndian32(*heap.skips, heap.size);
  heap.skip_offset = heap.size;
}

void PostingList::ReplaceTail(std::size_t size, std::string_view bytes) {
  const std::size_t old_size = tokens().size() - size;
  const std::size_t new_size = old_size + bytes.size();
  if (!is_heap_ && new_size <= kInlineSize) {
    std::copy(bytes.begin(), bytes.end(), inline_ + old_size);
    inline_size_ = static_cast<std::uint8_t>(new_size);
    return;
  }
  if (!is_heap_ || new_size > heap_->capacity) {
    // An eighth of slack, and a whole number of the allocator's units.
    constexpr std::size_t kUnit = 16;
    const std::size_t room = new_size + std::max<std::size_t>(new_size / 8, 8) + sizeof(Heap) + 8;
    const std::size_t allocated = (room + kUnit - 1) / kUnit * kUnit - 8;
    auto* heap = static_cast<Heap*>(std::realloc(is_heap_ ? heap_ : nullptr, allocated));
    NARTHEX_CHECK(heap != nullptr, "memory for a posting list");
    if (!is_heap_) {
      *heap = Heap{nullptr, inline_size_, 0, 0};
      std::copy(inline_, inline_ + inline_size_, heap->bytes());
    }
    heap->capacity = static_cast<std::uint32_t>(allocated - sizeof(Heap));
    heap_ = heap;
    is_heap_ = true;
  }
  std::copy(bytes.begin(), bytes.end(), heap_->bytes() + old_size);
  heap_->size = static_cast<std::uint32_t>(new_size);
}

bool PostingList::NoteRemoved() {
  // A quarter: each id kept is written anew a few times over the life of the list.
  const auto is_due = [this] { return removed_count_ > count_ / 4; };
  const bool was_due = is_due();
  ++removed_count_;
  return !was_due && is_due();
}

void PostingList::Rebuild(const std::function<bool(SeriesId)>& is_kept) {
  PostingList kept;
  for (PostingCursor cursor(view()); !cursor.at_end(); cursor.Next()) {
    if (is_kept(cursor.id())) kept.Append(cursor.id());
  }
  *this = std::move(kept);
}

}  // namespace narthex::index
