// Parts of scraping that are off unless a name of --enable-feature turns them on.
#pragma once

namespace narthex::scrape {

struct Features {
  bool keeps_exemplars = false;  // exemplar-storage
  // Since when a sample counts: as a sample of 0 at that time, where that is newer than what the
  // series has (created-timestamp-zero-ingestion); with the sample itself (st-storage).
  bool injects_zero_samples = false;
  bool stores_start_timestamps = false;
  bool adds_type_and_unit = false;  // type-and-unit-labels: __type__, __unit__

  bool reads_start_timestamps() const { return injects_zero_samples || stores_start_timestamps; }
};

}  // namespace narthex::scrape
