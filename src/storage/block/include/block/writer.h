// Writing a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "block/meta.h"
#include "io/file_system.h"
#include "model/labels.h"
#include "storage/querier.h"

namespace narthex::block {

// A page that was given to a block, before it is made small together with others.
struct WrittenPage {
  std::size_t size_bytes = 0;
  std::size_t sample_count = 0;
  model::TimestampMs range_ms = 0;  // from the first sample to the last
};

// Not thread-safe. Memory: the index of the block, recent time columns, and the pages of up to 64
// MiB of series, which wait to be made small together. A block of a day or more is compressed where
// that pays.
class BlockWriter {
 public:
  // Writes to "<directory>/<id>.tmp" until Finish(); `directory` must exist. `files` must outlive
  // the writer.
  static Result<std::unique_ptr<BlockWriter>> Create(io::FileSystem& files, std::string directory,
                                                     BlockMeta meta);
  // Removes what was written if Finish() was not reached.
  ~BlockWriter();
  BlockWriter(const BlockWriter&) = delete;
  BlockWriter& operator=(const BlockWriter&) = delete;

  // Calls `observe` for each page from here on.
  void Observe(std::function<void(const WrittenPage&)> observe) { observe_ = std::move(observe); }

  // A series and its samples inside the block's times; one without samples is left out. Label sets
  // must ascend from call to call, and ids of time columns come from one querier.
  // Errors: kNoSpace, kIo
  Status Add(const model::LabelSet& labels, const storage::SampleColumns& columns);
  // The same of pages that are encoded already: they are copied.
  // Errors: as above, and kInternal  the pages have another number of samples
  Status Add(const model::LabelSet& labels, const storage::EncodedColumns& columns);
  // The series at the cursor, by its pages if the set gives them.
  // Errors: as above, and those of the set
  Status Add(storage::SeriesSet& set);

  // Makes the block visible as "<directory>/<id>". Without any series nothing is written and the
  // result says so by its count.
  Result<BlockMeta> Finish();

 private:
  struct Parts;  // what the files are made of

  BlockWriter(io::FileSystem& files, std::string directory, BlockMeta meta);
  // Encodes the samples from `at` on that make one vector; gives where it ends.
  std::size_t AddVector(const storage::SampleColumns& columns, std::size_t at);
  void AddPage(std::string_view page, std::span<const model::TimestampMs> timestamps,
               bool is_histogram);
  void AddStartTimes(std::span<const model::TimestampMs> start_timestamps);
  Status WriteFile(std::string_view name, std::string_view bytes);

  io::FileSystem& files_;
  const std::string directory_;
  const std::string temporary_;
  BlockMeta meta_;
  std::unique_ptr<Parts> parts_;
  std::function<void(const WrittenPage&)> observe_;
  bool is_finished_ = false;
};

}  // namespace narthex::block
