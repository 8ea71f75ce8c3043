// What the decoders of both versions share.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <protozero/pbf_reader.hpp>
#include <string_view>

#include "decode_histogram.h"
#include "write_request.h"

namespace narthex::remote {

inline std::string_view AsText(protozero::data_view view) { return {view.data(), view.size()}; }

// Ends decoding from deep inside; caught where decoding began.
struct TooMuch {
  Error error;
};

// Collects a request within its limits. Throws TooMuch and protozero::exception.
class RequestBuilder {
 public:
  explicit RequestBuilder(const DecodeLimits& limits) : limits_(limits) {}

  WriteRequest& request() { return request_; }
  WriteRequest Take() { return std::move(request_); }

  SentSeries NewSeries() const {
    SentSeries series;
    series.sample_begin = static_cast<std::uint32_t>(request_.values.size());
    return series;
  }
  void AddSeries(SentSeries series) {
    series.sample_end = static_cast<std::uint32_t>(request_.values.size());
    if (!request_.start_timestamps.empty())
      request_.start_timestamps.resize(request_.values.size());
    CheckCount(request_.series.size() + 1, limits_.series_count_max, "series");
    request_.series.push_back(series);
  }
  void AddSymbol(std::string_view symbol) {
    CheckCount(request_.symbols.size() + 1, limits_.series_count_max, "symbols");
    request_.symbols.push_back(symbol);
  }
  // A sample of the series that is added next, as all below.
  void AddSample(std::string_view bytes);
  // Those that `bytes` begins with, each a field of number 2 and of the usual form; how many bytes
  // they take.
  std::size_t AddUsualSamples(std::string_view bytes);
  void AddHistogram(SentSeries& series, std::string_view bytes) {
    // What a histogram without buckets takes, in samples.
    Count(16);
    request_.histograms.push_back(DecodeHistogram(bytes));
    request_.histograms.back().series_index = static_cast<std::uint32_t>(request_.series.size());
    ++series.histogram_count;
  }
  void AddExemplar(SentExemplar exemplar) {
    Count(3);
    exemplar.series_index = static_cast<std::uint32_t>(request_.series.size());
    request_.exemplars.push_back(exemplar);
  }

 private:
  static void CheckCount(std::size_t count, std::size_t limit, std::string_view what) {
    if (count > limit) {
      throw TooMuch{{ErrorCode::kResourceExhausted,
                     fmt::format("the request has more than {} {}", limit, what)}};
    }
  }
  void Count(std::size_t weight) {
    weight_ += weight;
    CheckCount(weight_, limits_.sample_count_max, "samples");
  }

  const DecodeLimits limits_;
  WriteRequest request_;
  std::size_t weight_ = 0;
};

// Takes the samples that follow in `message`, a series of either version.
inline void SkipUsualSamples(RequestBuilder& builder, protozero::pbf_reader& message) {
  const std::string_view rest(message.data().data(), message.data().size());
  const std::size_t taken = builder.AddUsualSamples(rest);
  if (taken > 0) message = protozero::pbf_reader(rest.data() + taken, rest.size() - taken);
}

// Runs `decode` and gives what it throws as an error.
template <typename Decode>
Status Guarded(Decode decode) {
  try {
    decode();
  } catch (const protozero::exception& fault) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("malformed protobuf: {}", fault.what())};
  } catch (TooMuch& too_much) {
    return std::move(too_much.error);
  }
  return Ok();
}

}  // namespace narthex::remote
