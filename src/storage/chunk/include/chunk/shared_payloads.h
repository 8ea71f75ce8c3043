// What several pages say alike, stored once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace narthex::chunk {

// A heap of residual payloads: the part of a page behind its first value, the same for all counters
// that grow in step (`_count` and the +Inf bucket, what one job counts in many series).
//
// Two passes over finished pages: Count() sees each page once, then Rewrite() copies each with its
// payload replaced by a place in the heap where that makes the whole smaller. No page is
// re-encoded. Pages that are only seen once, or cannot share, are copied as they are.
//
// Not thread-safe. Memory: some 40 bytes per distinct payload, and the heap.
// Source: docs/formats/chunk.md, "Shared payloads"
class SharedPayloads {
 public:
  // The heap's largest size: places are 32 bits. A full heap takes no more payloads.
  static constexpr std::uint64_t kHeapSizeMax = std::uint64_t{1} << 32;

  // `page`: bytes by EncodeValues or EncodeDifference, not rewritten yet.
  void Count(std::string_view page);
  void Rewrite(std::string_view page, std::string& out);

  // What the readers of the rewritten pages need as PageContext::shared; final once every page has
  // been rewritten, and places in it never change.
  const std::string& heap() const { return heap_; }

 private:
  struct Payload {
    std::uint32_t page_count = 0;
    bool is_stored = false;
    std::uint64_t offset = 0;  // into heap_, if stored
  };

  std::unordered_map<std::uint64_t, Payload> payloads_;  // by hash of the bytes
  std::string heap_;
};

// Where in the heap the payload of a rewritten page begins; empty if the page has its own, and for
// damaged bytes.
std::optional<std::uint64_t> SharedPlace(std::string_view page);

}  // namespace narthex::chunk
