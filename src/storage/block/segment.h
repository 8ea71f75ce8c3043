// A stretch of the series of a block, held back until its pages can be made small together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chunk/shared_payloads.h"
#include "index/index_file.h"
#include "item_writer.h"
#include "model/labels.h"
#include "series_entry.h"

namespace narthex::block {

// Takes the encoded pages of series in order of labels; writes them in an order of its own: buckets
// of one histogram follow one another, the highest bound first, so that each can be coded as the
// difference to the one before. Payloads that several pages have are written once.
//
// Not thread-safe. Memory: the pages of a segment, up to 64 MiB, and its label sets.
class SegmentWriter {
 public:
  // `frames` and `index` must outlive the writer.
  SegmentWriter(FrameWriter& frames, index::IndexWriter& index, Compression compression)
      : frames_(frames), index_(index), pages_(frames, FrameKind::kPages, compression) {}

  // Whether values may be decoded and coded anew as differences, or pages stay as they are.
  enum class Recoding { kNone, kDifferences };

  // Begins a series; its pages follow. Ends the segment before it if that is large enough.
  // Errors: kNoSpace, kIo
  Status Begin(const model::LabelSet& labels, Ordinals ordinals, Recoding recoding);
  void AddPage(std::string_view page, std::size_t length, bool is_histogram);
  // The start times of a vector; for all or none.
  void AddStartTimes(std::string_view column);

  // Writes what is held back. Errors: kNoSpace, kIo
  Status Flush();

 private:
  struct Piece {
    std::uint64_t offset = 0;  // in bytes_
    VectorEntry vector;
  };
  struct Series {
    model::LabelSet labels;
    Ordinals ordinals;
    Recoding recoding = Recoding::kNone;
    bool is_bucket = false;
    bool is_inline = false;
    bool begins_frame = false;  // in the order of writing
    bool has_parent = false;    // the series written before it
    std::uint64_t count = 0;    // of samples
    std::vector<Piece> pages;
    std::vector<Piece> starts;
    ItemPlace record;
  };
  // The series that was laid out last, if it can be a parent.
  struct Parent {
    const Series* series = nullptr;
    std::string key;  // its labels without the bound
    std::size_t depth = 0;
    std::vector<double> values;
  };

  std::string_view Bytes(const Piece& piece) const {
    return std::string_view(bytes_).substr(piece.offset, piece.vector.size);
  }
  bool CanBeInline(const Series& series) const;
  std::vector<Series*> InOrderOfWriting();
  // What the record takes at most.
  static std::size_t RecordSizeMax(const Series& series);
  void LayOut(const std::vector<Series*>& order);
  void CodeDifferences(Series& series, Parent& parent);
  Status WriteRecord(Series& series, const Series* before, chunk::SharedPayloads& shared);

  FrameWriter& frames_;
  index::IndexWriter& index_;
  ItemWriter pages_;
  std::vector<Series> series_;
  std::string bytes_;  // of all pages
  std::string scratch_;
};

}  // namespace narthex::block
