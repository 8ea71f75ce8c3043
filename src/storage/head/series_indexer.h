// Filling the index of a head that is read from its log.
#pragma once

#include <latch>
#include <memory>
#include <vector>

#include "io/worker_pool.h"
#include "series_table.h"
#include "wal/record.h"

namespace narthex::head {

// Adds series to the index on a thread of its own, while replay puts the samples into them.
//
// For one thread, which must not use the index before Drain(), but for its hashes. Memory: the
// label sets of up to 65,536 series that wait.
class SeriesIndexer {
 public:
  // `mutex` guards the table; it is held while series are added.
  SeriesIndexer(SharedMutex& mutex, SeriesTable& table);
  ~SeriesIndexer() { Drain(); }

  // References must ascend, and the label set must not be in the index but for its hash.
  void Add(wal::SeriesRecord::Series series);
  // Returns when everything added is in the index.
  void Drain();

 private:
  void Dispatch();
  void Work();

  SharedMutex& mutex_;
  SeriesTable& table_;
  std::vector<wal::SeriesRecord::Series> waiting_;
  std::vector<wal::SeriesRecord::Series> taken_;  // by the thread, while latch_ is there
  std::unique_ptr<std::latch> latch_;
  io::WorkerPool pool_;
};

}  // namespace narthex::head
