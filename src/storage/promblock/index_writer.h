// Writing the index of a Prometheus block, version 2.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "index_reader.h"
#include "io/file.h"
#include "model/labels.h"

namespace narthex::promblock {

// Collects series and writes them in the end, since symbols have to be sorted before the first one.
class IndexWriter {
 public:
  IndexWriter();
  ~IndexWriter();

  // Label sets must ascend from call to call.
  void Add(const model::LabelSet& labels, std::span<const ChunkEntry> chunks);
  std::uint64_t series_count() const;

  // Errors: kResourceExhausted  a section would be larger than 4 GiB
  //         kNoSpace, kIo
  Status WriteTo(io::File& file);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace narthex::promblock
