// Writing a block that Prometheus can read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "io/file_system.h"
#include "model/labels.h"
#include "promblock/meta.h"
#include "storage/querier.h"

namespace narthex::promblock {

// Source: Prometheus, which writes no larger ones.
inline constexpr std::uint64_t kSegmentSizeMax = std::uint64_t{512} << 20;

// Index version 2, XOR and histogram chunks of at most 120 samples. Start timestamps, which only
// the newest versions of Prometheus read, are left out. Histograms whose counts are whole numbers
// become integer ones.
//
// Not thread-safe. Memory: the index of the block.
class PromBlockWriter {
 public:
  // Writes to "<directory>/<ulid>.tmp-for-creation", which Prometheus ignores, until Finish();
  // `directory` must exist and `meta` have ulid and times. `files` must outlive the writer.
  static Result<std::unique_ptr<PromBlockWriter>> Create(
      io::FileSystem& files, std::string directory, PromBlockMeta meta,
      std::uint64_t segment_size_max = kSegmentSizeMax);
  // Removes what was written if Finish() was not reached.
  ~PromBlockWriter();
  PromBlockWriter(const PromBlockWriter&) = delete;
  PromBlockWriter& operator=(const PromBlockWriter&) = delete;

  // A series and its samples inside the block's times; one without samples is left out.
  // Errors: kInvalidArgument  the label set does not come behind the last one
  //         kNoSpace, kIo
  Status Add(const model::LabelSet& labels, const storage::SampleColumns& columns);

  // Makes the block visible as "<directory>/<ulid>"; it ends behind its last sample. Without any
  // series nothing is written and the result says so by its count. Errors: kResourceExhausted  a
  // section of the index would be larger than 4 GiB
  //         kNoSpace, kIo
  Result<PromBlockMeta> Finish();

 private:
  struct Parts;  // segment and index in the making

  PromBlockWriter(io::FileSystem& files, std::string directory, PromBlockMeta meta);
  Status BeginSegment();
  Status EndSegment();
  Status FlushSegment();
  // Gives the place of the chunk.
  Result<std::uint64_t> WriteChunk(std::string_view bytes);
  Status WriteFile(std::string_view name, std::string_view bytes);

  io::FileSystem& files_;
  const std::string directory_;
  const std::string temporary_;
  PromBlockMeta meta_;
  std::unique_ptr<Parts> parts_;
  bool is_finished_ = false;
};

}  // namespace narthex::promblock
