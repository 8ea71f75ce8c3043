// The process_* metrics that every Prometheus library has.
#pragma once

#include <memory>

#include "client/collector.h"

namespace narthex::client {

// process_cpu_seconds_total, process_open_fds, process_max_fds, process_virtual_memory_bytes,
// process_virtual_memory_max_bytes, process_resident_memory_bytes, process_heap_bytes,
// process_start_time_seconds, process_threads, process_network_receive_bytes_total,
// process_network_transmit_bytes_total (of the network that the process is in), read from /proc at
// each scrape. What the system does not tell is left out. Source: "Writing client libraries",
// process metrics.
std::shared_ptr<Collector> MakeProcessCollector();

// malloc_*: what the C library's allocator holds, hands out and could give back. All 0 where
// another allocator is in its place. Source: mallinfo2(3).
std::shared_ptr<Collector> MakeAllocatorCollector();

}  // namespace narthex::client
