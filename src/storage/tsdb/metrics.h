// The store's own metrics.
#pragma once

#include <vector>

#include "client/registry.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {

// Reads the store's numbers when they are asked for. The store unregisters it before it goes.
class TsdbCollector final : public client::Collector {
 public:
  explicit TsdbCollector(const Tsdb& store) : store_(store) {}
  void Collect(client::FamilySink& sink) override;

 private:
  const Tsdb& store_;
};

}  // namespace narthex::tsdb
