#include "client/process_collector.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/number.h"

namespace narthex::client {
namespace {

enum class Kind { kCounter, kGauge };

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Words between blanks and newlines.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \n\t");
    if (start == std::string_view::npos) return words;
    text.remove_prefix(start);
    const std::size_t end = text.find_first_of(" \n\t");
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end);
  }
}

// The fields of /proc/self/stat from the third on ("state"): the second may hold blanks and
// brackets.
std::vector<std::string_view> StatFields(std::string_view stat) {
  const std::size_t bracket = stat.rfind(')');
  if (bracket == std::string_view::npos) return {};
  return Words(stat.substr(bracket + 1));
}

// Field `number` as proc(5) counts them, from 1.
std::optional<double> StatField(const std::vector<std::string_view>& fields, std::size_t number) {
  constexpr std::size_t kFirst = 3;
  if (number - kFirst >= fields.size()) return std::nullopt;
  return ParseDouble(fields[number - kFirst]);
}

// The word behind `key` at the start of a line.
std::optional<double> ValueAfter(std::string_view text, std::string_view key) {
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    const std::string_view content = text.substr(line, end - line);
    if (content.starts_with(key)) {
      const auto words = Words(content.substr(key.size()));
      return words.empty() ? std::nullopt : ParseDouble(words.front());
    }
    line = end + 1;
  }
  return std::nullopt;
}

std::optional<double> OpenFileCount() {
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return std::nullopt;
  double count = 0;
  for (; files != std::filesystem::directory_iterator(); files.increment(error)) {
    if (error) return std::nullopt;
    ++count;
  }
  return count - 1;  // the listing itself
}

// Zero where another allocator than the C library's is in use.
std::optional<double> HeapSizeBytes() {
  const struct mallinfo2 heap = mallinfo2();
  const auto size = static_cast<double>(heap.uordblks + heap.hblkhd);
  return size > 0 ? std::optional(size) : std::nullopt;
}

// What one scrape finds.
class Reading {
 public:
  explicit Reading(FamilySink& sink) : sink_(sink) {}

  void Take() {
    AddStat();
    AddLimits();
    AddNetwork();
    Add("process_open_fds", "Number of open file descriptors.", Kind::kGauge, OpenFileCount());
    Add("process_heap_bytes", "Memory handed out by the allocator, in bytes.", Kind::kGauge,
        HeapSizeBytes());
  }

 private:
  void Add(std::string name, std::string help, Kind kind, std::optional<double> value) {
    if (!value) return;
    const Description description{std::move(name), std::move(help)};
    if (kind == Kind::kCounter) {
      sink_.AddCounter(description, *value);
    } else {
      sink_.AddGauge(description, *value);
    }
  }

  void AddStat() {
    const std::string stat = ReadFile("/proc/self/stat");
    const auto fields = StatFields(stat);
    const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_size = static_cast<double>(sysconf(_SC_PAGESIZE));
    const auto scaled = [&fields](std::size_t number, double factor) {
      const auto value = StatField(fields, number);
      return value ? std::optional(*value * factor) : std::nullopt;
    };
    const auto user = scaled(14, 1 / ticks_per_second);
    const auto system = scaled(15, 1 / ticks_per_second);
    Add("process_cpu_seconds_total", "User and system CPU time spent, in seconds.", Kind::kCounter,
        user && system ? std::optional(*user + *system) : std::nullopt);
    Add("process_threads", "Number of threads.", Kind::kGauge, scaled(20, 1));
    Add("process_virtual_memory_bytes", "Virtual memory size in bytes.", Kind::kGauge,
        scaled(23, 1));
    Add("process_resident_memory_bytes", "Resident memory size in bytes.", Kind::kGauge,
        scaled(24, page_size));
    const auto start = scaled(22, 1 / ticks_per_second);
    const auto boot = ValueAfter(ReadFile("/proc/stat"), "btime ");
    Add("process_start_time_seconds", "Start time of the process since the Unix epoch, in seconds.",
        Kind::kGauge, start && boot ? std::optional(*start + *boot) : std::nullopt);
  }

  void AddLimits() {
    const std::string limits = ReadFile("/proc/self/limits");
    Add("process_max_fds", "Maximum number of open file descriptors.", Kind::kGauge,
        ValueAfter(limits, "Max open files"));
    // "unlimited" is no number, so there is no such sample then.
    Add("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available, in bytes.",
        Kind::kGauge, ValueAfter(limits, "Max address space"));
  }

  // Of the network that the process sees, as its own counters are not told by the system.
  void AddNetwork() {
    // Two lines beginning with "IpExt:": the names, and the numbers in their order.
    const std::string netstat = ReadFile("/proc/self/net/netstat");
    constexpr std::string_view kStart = "IpExt:";
    const std::size_t names_at = netstat.find(kStart);
    if (names_at == std::string::npos) return;
    const std::size_t numbers_at = netstat.find(kStart, names_at + kStart.size());
    if (numbers_at == std::string::npos) return;
    const auto names = Words(std::string_view(netstat).substr(names_at, numbers_at - names_at));
    const auto numbers = Words(std::string_view(netstat).substr(numbers_at));
    const auto add = [&](std::string_view field, std::string name, std::string help) {
      const auto place =
          static_cast<std::size_t>(std::find(names.begin(), names.end(), field) - names.begin());
      if (place >= names.size() || place >= numbers.size()) return;
      Add(std::move(name), std::move(help), Kind::kCounter, ParseDouble(numbers[place]));
    };
    add("InOctets", "process_network_receive_bytes_total",
        "Number of bytes received by the process over the network.");
    add("OutOctets", "process_network_transmit_bytes_total",
        "Number of bytes sent by the process over the network.");
  }

  FamilySink& sink_;
};

class ProcessCollector : public Collector {
 public:
  void Collect(FamilySink& sink) override { Reading(sink).Take(); }
};

class AllocatorCollector : public Collector {
 public:
  void Collect(FamilySink& sink) override {
    const struct mallinfo2 heap = mallinfo2();
    const auto add = [&sink](std::string name, std::string help, std::size_t value) {
      sink.AddGauge({std::move(name), std::move(help)}, static_cast<double>(value));
    };
    add("malloc_arena_bytes", "Memory that the allocator has from the system, maps aside.",
        heap.arena);
    add("malloc_mapped_bytes", "Memory in maps of their own, for large requests.", heap.hblkhd);
    add("malloc_maps", "Maps of their own.", heap.hblks);
    add("malloc_used_bytes", "Memory handed out of the arenas.", heap.uordblks);
    add("malloc_free_bytes", "Memory of the arenas that is not handed out.", heap.fordblks);
    add("malloc_free_chunks", "Pieces in which that lies.", heap.ordblks);
    add("malloc_releasable_bytes", "Memory that malloc_trim() could give back.", heap.keepcost);
  }
};

}  // namespace

std::shared_ptr<Collector> MakeAllocatorCollector() {
  return std::make_shared<AllocatorCollector>();
}

std::shared_ptr<Collector> MakeProcessCollector() { return std::make_shared<ProcessCollector>(); }

}  // namespace narthex::client
