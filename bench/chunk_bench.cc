// Pages: speed of decoding and encoding by kind; bytes per sample of captured series.
//
// NARTHEX_BENCH_DATA names a folder with files of captured samples (*.bin.zst): little-endian, u32
// series count, then of each series u32 sizes of key and job, u32 sample count, key, job,
// timestamps, values. Without it only made-up series are measured.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/number.h"
#include "chunk/page.h"
#include "chunk/shared_payloads.h"

namespace narthex::chunk {
namespace {

using Values = std::vector<double>;

// ---- made-up series, one for each kind of page

struct Shape {
  std::string name;
  std::function<double(std::size_t i, double before, std::mt19937_64& random)> next;
};

double Uniform(std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(0, 1)(random);
}
double Normal(std::mt19937_64& random) { return std::normal_distribution<double>(0, 1)(random); }

std::vector<Shape> Shapes() {
  using R = std::mt19937_64&;
  return {
      {"constant", [](std::size_t, double, R) { return 42.0; }},
      {"linear counter", [](std::size_t i, double, R) { return 15.0 * static_cast<double>(i); }},
      {"sparse 1 %", [](std::size_t, double x, R r) { return Uniform(r) < 0.01 ? x + 3 : x; }},
      {"sparse 10 %", [](std::size_t, double x,
                         R r) { return Uniform(r) < 0.1 ? x + std::floor(Uniform(r) * 9) : x; }},
      {"bitmap 30 %", [](std::size_t, double x,
                         R r) { return Uniform(r) < 0.3 ? x + std::floor(Uniform(r) * 8) : x; }},
      {"bitmap 60 %",
       [](std::size_t, double x, R r) {
         return Uniform(r) < 0.6 ? x + 1 + std::floor(Uniform(r) * 8) : x;
       }},
      {"counter, 6 bits",
       [](std::size_t, double x, R r) { return x + std::floor(20 + Uniform(r) * 30); }},
      {"counter, 12 bits",
       [](std::size_t, double x, R r) { return x + std::round(5000 + 800 * Normal(r)); }},
      {"gauge, integers",
       [](std::size_t, double x, R r) { return x + std::round(10 * Normal(r)); }},
      {"gauge, 2 decimals, walk",
       [](std::size_t, double x, R r) { return std::round((x + Normal(r)) * 100) / 100; }},
      {"gauge, 2 decimals, noise",
       [](std::size_t, double, R r) { return std::round((50 + 5 * Normal(r)) * 100) / 100; }},
      {"noise, 9 decimals",
       [](std::size_t, double, R r) { return std::round(Uniform(r) * 1e7) / 1e9; }},
      {"bursty counter",
       [](std::size_t i, double x, R r) {
         return x + std::floor(Uniform(r) * (i / 100 % 2 == 1 ? 1000 : 3));
       }},
      {"heavy tail",
       [](std::size_t, double x, R r) {
         return x + std::floor(-std::log(Uniform(r)) * 3) +
                (Uniform(r) < 0.03 ? std::floor(Uniform(r) * 5000) : 0);
       }},
      {"memory, 4096",
       [](std::size_t, double x, R r) { return x + 4096 * std::round(20 * Normal(r)); }},
      {"smooth, delta2",
       [](std::size_t i, double, R) {
         return std::round(1e6 * std::sin(static_cast<double>(i) / 100));
       }},
      {"sum of fractions",
       [](std::size_t, double x, R r) { return x + std::round(Uniform(r) * 1e6) / 1e9; }},
      {"true doubles", [](std::size_t, double, R r) { return Uniform(r) * 100; }},
      {"few distinct doubles",
       [](std::size_t, double, R r) { return std::sqrt(std::floor(Uniform(r) * 20) + 0.5); }},
  };
}

Values Make(const Shape& shape) {
  std::mt19937_64 random(1);
  Values values(kPageSampleCountMax);
  double x = 1000;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = x = shape.next(i, x, random);
  return values;
}

void Decode(benchmark::State& state, const Shape& shape) {
  const Values values = Make(shape);
  std::string page;
  EncodeValues(values, page);
  Values decoded(values.size());
  for (auto _ : state) {
    NARTHEX_CHECK(DecodeValues(page, decoded).ok(), "own page");
    benchmark::DoNotOptimize(decoded.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
  state.counters["B/sample"] =
      static_cast<double>(page.size()) / static_cast<double>(values.size());
}

void Encode(benchmark::State& state, const Shape& shape) {
  const Values values = Make(shape);
  std::string page;
  for (auto _ : state) {
    page.clear();
    EncodeValues(values, page);
    benchmark::DoNotOptimize(page.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
}

// ---- captured series

struct Series {
  std::string key;
  std::string job;
  std::vector<std::int64_t> times;
  Values values;
};

std::string ReadCompressed(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string compressed((std::istreambuf_iterator<char>(file)),
                               std::istreambuf_iterator<char>());
  const unsigned long long size = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) return {};
  std::string bytes(size, '\0');
  if (ZSTD_isError(
          ZSTD_decompress(bytes.data(), bytes.size(), compressed.data(), compressed.size()))) {
    return {};
  }
  return bytes;
}

std::vector<Series> Load(const std::string& path) {
  const std::string bytes = ReadCompressed(path);
  ByteReader reader(bytes);
  std::vector<Series> all(reader.ReadLittleEndian32().value_or(0));
  for (Series& series : all) {
    const std::size_t key_size = *reader.ReadLittleEndian32();
    const std::size_t job_size = *reader.ReadLittleEndian32();
    const std::size_t count = *reader.ReadLittleEndian32();
    series.key = *reader.ReadBytes(key_size);
    series.job = *reader.ReadBytes(job_size);
    series.times.resize(count);
    series.values.resize(count);
    std::memcpy(series.times.data(), reader.ReadBytes(count * 8)->data(), count * 8);
    std::memcpy(series.values.data(), reader.ReadBytes(count * 8)->data(), count * 8);
  }
  // Nearly all constant: they would flatter every codec.
  std::erase_if(
      all, [](const Series& s) { return s.key.starts_with("node_slabinfo") || s.values.empty(); });
  return all;
}

// The key without its `le`, and that: buckets of one histogram have the same rest.
std::pair<std::string, double> SplitBound(const std::string& key) {
  const std::size_t at = key.find("le=\"");
  if (at == std::string::npos || (key[at - 1] != '{' && key[at - 1] != ',')) return {key, 0};
  const std::size_t end = key.find('"', at + 4);
  const auto bound = ParseDouble(std::string_view(key).substr(at + 4, end - at - 4));
  return {key.substr(0, at) + key.substr(end), bound.value_or(0)};
}

// As in a block: one job after the other, histograms together, the widest bucket first.
void Sort(std::vector<Series>& all) {
  std::vector<std::pair<std::tuple<std::string, std::string, double>, std::size_t>> order;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto [rest, bound] = SplitBound(all[i].key);
    order.push_back({{all[i].job, std::move(rest), -bound}, i});
  }
  std::ranges::sort(order);
  std::vector<Series> sorted;
  for (const auto& [key, i] : order) sorted.push_back(std::move(all[i]));
  all = std::move(sorted);
}

struct Page {
  std::string bytes;
  std::span<const double> values;
  std::span<const double> parent;
  const void* scope = nullptr;
};

constexpr std::size_t kChainLengthMax = 16;

class Capture {
 public:
  Capture(const std::string& path, std::size_t page_length)
      : all_(Load(path)), page_length_(page_length) {
    Sort(all_);
    for (const Series& series : all_) {
      for (std::size_t at = 0; at < series.values.size(); at += page_length_) {
        const std::size_t count = std::min(page_length_, series.values.size() - at);
        sample_count_ += count;
        columns_.push_back(std::span(series.values).subspan(at, count));
      }
    }
  }

  std::size_t sample_count() const { return sample_count_; }
  const std::vector<std::span<const double>>& columns() const { return columns_; }

  std::vector<Page> SelfContained() const {
    std::vector<Page> pages;
    for (const auto column : columns_) {
      Page& page = pages.emplace_back();
      page.values = column;
      EncodeValues(column, page.bytes);
    }
    return pages;
  }

  // With parents and shared payloads.
  std::vector<Page> Linked(std::string& heap) const {
    std::vector<Page> pages = SelfContained();
    std::size_t at = 0;
    const Series* before = nullptr;
    std::size_t chain = 0;
    for (const Series& series : all_) {
      const std::size_t page_count = (series.values.size() + page_length_ - 1) / page_length_;
      const bool is_next = before != nullptr && before->job == series.job &&
                           SplitBound(series.key).first != series.key &&
                           SplitBound(before->key).first == SplitBound(series.key).first &&
                           before->times == series.times && chain < kChainLengthMax;
      chain = is_next ? chain + 1 : 0;
      for (std::size_t i = 0; i < page_count && is_next; ++i) {
        Page& page = pages[at + i];
        std::string difference;
        const auto parent = pages[at + i - page_count].values;
        if (!EncodeDifference(page.values, parent, page.bytes.size(), difference)) continue;
        page.bytes = difference;
        page.parent = parent;
      }
      at += page_count;
      before = &series;
    }
    SharedPayloads shared;
    for (const Page& page : pages) shared.Count(page.bytes);
    for (Page& page : pages) {
      std::string rewritten;
      shared.Rewrite(page.bytes, rewritten);
      page.bytes = std::move(rewritten);
    }
    heap = shared.heap();
    return pages;
  }

  // Each target's scrapes once.
  std::size_t TimesSize() const {
    std::map<std::string, std::vector<std::int64_t>> times;
    for (const Series& series : all_) {
      auto& of_job = times[series.job];
      of_job.insert(of_job.end(), series.times.begin(), series.times.end());
    }
    std::size_t size = 0;
    for (auto& [job, all] : times) {
      std::ranges::sort(all);
      all.erase(std::unique(all.begin(), all.end()), all.end());
      for (std::size_t at = 0; at < all.size(); at += page_length_) {
        std::string column;
        EncodeTimes(std::span(all).subspan(at, std::min(page_length_, all.size() - at)), column);
        size += column.size();
      }
    }
    return size;
  }

 private:
  std::vector<Series> all_;
  std::size_t page_length_;
  std::size_t sample_count_ = 0;
  std::vector<std::span<const double>> columns_;
};

void SetSize(benchmark::State& state, const Capture& capture, const std::vector<Page>& pages,
             std::size_t extra) {
  std::size_t size = extra;
  for (const Page& page : pages) size += page.bytes.size();
  const auto per_sample = [&](std::size_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(capture.sample_count());
  };
  state.counters["B/sample"] = per_sample(size);
  // Four bytes a page in a directory.
  state.counters["with_index"] = per_sample(size + pages.size() * 4 + capture.TimesSize());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(capture.sample_count()));
}

void DecodeCapture(benchmark::State& state, const Capture& capture, bool is_linked) {
  std::string heap;
  const std::vector<Page> pages = is_linked ? capture.Linked(heap) : capture.SelfContained();
  Values decoded(kPageSampleCountMax);
  for (auto _ : state) {
    for (const Page& page : pages) {
      const auto out = std::span(decoded).first(page.values.size());
      const Status status =
          DecodeValues(page.bytes, PageContext{.shared = heap, .parent = page.parent}, out);
      NARTHEX_CHECK(status.ok(), "own page");
      benchmark::DoNotOptimize(decoded.data());
      benchmark::ClobberMemory();
    }
  }
  for (const Page& page : pages) {
    const auto out = std::span(decoded).first(page.values.size());
    (void)DecodeValues(page.bytes, PageContext{.shared = heap, .parent = page.parent}, out);
    NARTHEX_CHECK(std::memcmp(out.data(), page.values.data(), out.size_bytes()) == 0,
                  "bit for bit");
  }
  SetSize(state, capture, pages, heap.size());
}

void EncodeCapture(benchmark::State& state, const Capture& capture, bool is_moving_only) {
  std::string page;
  std::size_t sample_count = 0;
  std::vector<std::span<const double>> columns;
  for (const auto column : capture.columns()) {
    const bool is_constant = std::ranges::all_of(
        column, [&](double value) { return model::SameBits(value, column[0]); });
    if (is_moving_only && is_constant) continue;
    columns.push_back(column);
    sample_count += column.size();
  }
  for (auto _ : state) {
    for (const auto column : columns) {
      page.clear();
      EncodeValues(column, page);
      benchmark::DoNotOptimize(page.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(sample_count));
}

void Register() {
  for (const Shape& shape : Shapes()) {
    benchmark::RegisterBenchmark(("decode/" + shape.name).c_str(), Decode, shape);
  }
  for (const Shape& shape : Shapes()) {
    benchmark::RegisterBenchmark(("encode/" + shape.name).c_str(), Encode, shape);
  }
  const char* const folder = std::getenv("NARTHEX_BENCH_DATA");
  if (folder == nullptr) return;
  for (const std::string name : {"real-5s", "real-15s"}) {
    for (const std::size_t length : {kPageSampleCountMax, std::size_t{120}}) {
      // Lives as long as the program, as the benchmarks do.
      static std::vector<std::unique_ptr<Capture>> captures;
      captures.push_back(
          std::make_unique<Capture>(std::string(folder) + "/" + name + ".bin.zst", length));
      const Capture& capture = *captures.back();
      if (capture.sample_count() == 0) continue;
      const std::string suffix = name + "/" + std::to_string(length);
      benchmark::RegisterBenchmark(("decode self-contained/" + suffix).c_str(), DecodeCapture,
                                   std::cref(capture), false)
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark(("decode linked/" + suffix).c_str(), DecodeCapture,
                                   std::cref(capture), true)
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark(("encode/" + suffix).c_str(), EncodeCapture, std::cref(capture),
                                   false)
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark(("encode moving/" + suffix).c_str(), EncodeCapture,
                                   std::cref(capture), true)
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace
}  // namespace narthex::chunk

int main(int argc, char** argv) {
  narthex::chunk::Register();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
