// What few series have, in a checkpoint.
#pragma once

#include "querier.h"
#include "wal/attachment_record.h"
#include "wal/log.h"

namespace narthex::head {

// Writes what `reader` copied last beside the pieces: start times and samples that came late.
Status WriteExtras(std::uint64_t ref, const SeriesReader& reader, wal::CheckpointWriter& writer);
Status WriteExemplars(const wal::ExemplarRecord& exemplars, wal::CheckpointWriter& writer);

}  // namespace narthex::head
