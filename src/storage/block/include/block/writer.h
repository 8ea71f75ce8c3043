// Writing a block.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "block/meta.h"
#include "io/file_system.h"
#include "model/labels.h"
#include "storage/querier.h"

namespace narthex::block {

// Not thread-safe. Memory: the index of the block, and the most recent time columns.
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

  // A series and its samples inside the block's times; one without samples is left out. Label sets
  // must ascend from call to call.
  Status Add(const model::LabelSet& labels, const storage::SampleColumns& columns);

  // Makes the block visible as "<directory>/<id>". Without any series nothing is written and the
  // result says so by its count.
  Result<BlockMeta> Finish();

 private:
  struct Column;
  struct Place;  // of samples within a column
  struct Parts;  // index and pages in the making

  BlockWriter(io::FileSystem& files, std::string directory, BlockMeta meta);
  Result<Place> PlaceOf(const storage::SampleColumns& columns);
  Result<Place> NewColumn(const storage::SampleColumns& columns);
  // Appends the frame of `bytes` and gives its offset.
  Result<std::uint64_t> WriteFrame(std::string_view bytes);
  Status FlushPages();
  Status WriteDirectory();
  Status WriteFile(std::string_view name, std::string_view bytes);

  io::FileSystem& files_;
  const std::string directory_;
  const std::string temporary_;
  BlockMeta meta_;
  std::unique_ptr<Parts> parts_;
  bool is_finished_ = false;
};

}  // namespace narthex::block
