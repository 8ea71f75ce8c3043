// Coding of batch records: bytes and time per sample for values as exporters have them.
// Usage: wal_bench [series per target] [rounds]
#include <fmt/format.h>
#include <time.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "base/number.h"
#include "wal/batch.h"

namespace narthex::wal {
namespace {

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

enum class Kind { kConstant, kCounter, kRareCounter, kGauge, kBytes, kSeconds, kDouble };

// A series that wanders as its kind does.
struct Source {
  Kind kind = Kind::kConstant;
  double rate = 0;
  double decimals = 1;  // power of ten
  double state = 0;     // an integer

  double Next(std::mt19937_64& random) {
    const double unit = static_cast<double>(random() >> 11) * 0x1p-53;
    switch (kind) {
      case Kind::kConstant:
        break;
      case Kind::kCounter:
      case Kind::kSeconds:
        state += std::floor(rate * decimals * (0.1 + 1.8 * unit));
        break;
      case Kind::kRareCounter:
        state += unit < 0.05 ? 1 : 0;
        break;
      case Kind::kGauge:
        state = std::floor(std::fabs(state + rate * decimals * (unit - 0.5)));
        break;
      case Kind::kBytes:
        state = std::fabs(state + 4096 * std::floor(rate * (unit - 0.5)));
        break;
      case Kind::kDouble:
        return unit * rate;
    }
    return state / decimals;
  }
};

// A quarter constant; the rest as a machine and a service with histograms are.
std::vector<Source> MakeSources(std::size_t count, std::mt19937_64& random) {
  const Source kinds[] = {
      {Kind::kConstant, 0, 1, 1},       {Kind::kCounter, 40, 1, 1e6},
      {Kind::kCounter, 6, 1, 1e5},      {Kind::kGauge, 40, 1, 100},
      {Kind::kConstant, 0, 1, 0},       {Kind::kSeconds, 0.8, 1000, 1e6},
      {Kind::kCounter, 2, 1, 1000},     {Kind::kRareCounter, 0, 1, 17},
      {Kind::kConstant, 0, 1, 4096},    {Kind::kCounter, 41'000, 1, 1e9},
      {Kind::kBytes, 300, 1, 4096e5},   {Kind::kGauge, 1.2, 100, 140},
      {Kind::kConstant, 0, 1, 17e8},    {Kind::kSeconds, 1.8, 100, 1e6},
      {Kind::kCounter, 1.5e6, 1, 1e12}, {Kind::kCounter, 130, 1, 1e7},
      {Kind::kGauge, 0.003, 1e6, 3000}, {Kind::kCounter, 15, 1, 1e5},
      {Kind::kRareCounter, 0, 1, 3},    {Kind::kDouble, 1, 1, 0},
  };
  std::vector<Source> sources;
  for (std::size_t i = 0; i < count; ++i) sources.push_back(kinds[random() % std::size(kinds)]);
  return sources;
}

struct Totals {
  double sample_count = 0;
  double byte_count = 0;
  double encode_seconds = 0;
  double decode_seconds = 0;
};

// One record: encoded and decoded, the bases moved on.
void Run(const BatchRecord& record, ValueBases& bases, Totals& totals) {
  static std::string bytes;
  static BatchDecoder decoder;
  ValueBases before = bases;
  bytes.clear();
  double start = CpuSeconds();
  EncodeBatch(record, bases, bytes);
  totals.encode_seconds += CpuSeconds() - start;
  start = CpuSeconds();
  const auto keys = decoder.DecodeKeys(bytes);
  if (!keys.ok()) fmt::print("{}\n", keys.error().message());
  std::swap(decoder.bases(), before);
  const auto values = decoder.DecodeValues();
  totals.decode_seconds += CpuSeconds() - start;
  if (!values.ok()) fmt::print("{}\n", values.error().message());
  totals.sample_count += static_cast<double>(record.values.size());
  totals.byte_count += static_cast<double>(bytes.size());
}

void Measure(std::string_view name, std::vector<Source> sources, std::size_t round_count,
             std::size_t samples_per_row) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> refs;
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  ValueBases bases;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    refs.insert(refs.end(), samples_per_row, i + 1);
    bases.Add(0, 0, false);
  }
  values.resize(refs.size());
  Totals totals;
  for (std::size_t round = 0; round < round_count; ++round) {
    const auto now = static_cast<model::TimestampMs>(1'700'000'000'000 + round * 120'000);
    times.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = sources[i / samples_per_row].Next(random);
      if (samples_per_row > 1) {
        times.push_back(now + static_cast<model::TimestampMs>(i % samples_per_row) * 15'000);
      }
    }
    const BatchRecord record{
        .group = 1, .timestamp = now, .timestamps = times, .refs = refs, .values = values};
    // As the head does: every sixteenth stands by itself.
    for (std::size_t i = 0; i < bases.size(); ++i) {
      const bool is_known = round % 16 != 0;
      bases.are_known[i] = is_known ? 1 : 0;
      if (!is_known) bases.values[i] = bases.exponents[i] = 0;
    }
    Run(record, bases, totals);
    for (std::size_t i = 0; i < bases.size(); ++i) {
      bases.values[i] = values[(i + 1) * samples_per_row - 1];
    }
  }
  fmt::print("{:<36} {:>6.3f} bytes {:>6.1f} ns to encode {:>6.1f} ns to decode a sample\n", name,
             totals.byte_count / totals.sample_count,
             totals.encode_seconds / totals.sample_count * 1e9,
             totals.decode_seconds / totals.sample_count * 1e9);
}

}  // namespace
}  // namespace narthex::wal

int main(int argc, char** argv) {
  namespace wal = narthex::wal;
  const auto number = [&](int i, std::size_t standard) {
    return argc > i ? static_cast<std::size_t>(narthex::ParseUint64(argv[i]).value_or(standard))
                    : standard;
  };
  const std::size_t series_count = number(1, 1000);
  const std::size_t round_count = number(2, 1600);
  std::mt19937_64 random(1);
  const std::vector<wal::Source> mixed = wal::MakeSources(series_count, random);
  wal::Measure("scrape, mixed", mixed, round_count, 1);
  wal::Measure("remote write, 8 samples a series", mixed, round_count / 8, 8);
  const std::pair<std::string_view, wal::Source> kinds[] = {
      {"scrape, constants", {wal::Kind::kConstant, 0, 1, 5}},
      {"scrape, counters, steps below 80", {wal::Kind::kCounter, 40, 1, 1e6}},
      {"scrape, counters, large steps", {wal::Kind::kCounter, 1.5e6, 1, 1e12}},
      {"scrape, gauges, 2 decimals", {wal::Kind::kGauge, 1.2, 100, 140}},
      {"scrape, seconds, 6 decimals", {wal::Kind::kGauge, 0.003, 1e6, 3000}},
      {"scrape, true doubles", {wal::Kind::kDouble, 1, 1, 0}},
  };
  for (const auto& [name, source] : kinds) {
    wal::Measure(name, std::vector<wal::Source>(series_count, source), round_count, 1);
  }
  return 0;
}
