// The process_* metrics that every Prometheus library has.
#pragma once

#include <memory>

#include "client/collector.h"

namespace narthex::client {

// process_cpu_seconds_total, process_open_fds, process_max_fds, process_virtual_memory_bytes,
// process_virtual_memory_max_bytes, process_resident_memory_bytes, process_heap_bytes,
// process_start_time_seconds, process_threads, read from /proc at each scrape. What the system does
// not tell is left out. Source: "Writing client libraries", process metrics.
std::shared_ptr<Collector> MakeProcessCollector();

}  // namespace narthex::client
