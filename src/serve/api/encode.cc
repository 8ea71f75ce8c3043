#include "encode.h"

#include <charconv>
#include <utility>

#include "base/number.h"
#include "model/histogram_buckets.h"

namespace narthex::api {
namespace {

void AppendTimestamp(std::string& out, model::TimestampMs timestamp) {
  // By unsigned arithmetic: the smallest timestamp has no positive counterpart.
  std::uint64_t magnitude = static_cast<std::uint64_t>(timestamp);
  if (timestamp < 0) {
    out += '-';
    magnitude = 0 - magnitude;
  }
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, magnitude / 1000).ptr);
  const unsigned fraction = static_cast<unsigned>(magnitude % 1000);
  if (fraction == 0) return;
  const char decimals[] = {'.', static_cast<char>('0' + fraction / 100),
                           static_cast<char>('0' + fraction / 10 % 10),
                           static_cast<char>('0' + fraction % 10)};
  out.append(decimals, sizeof decimals);
}

// How the API writes which ends of a bucket belong to it.
std::int64_t SidesOf(const model::HistogramBucket& bucket) {
  if (bucket.is_lower_inclusive) return bucket.is_upper_inclusive ? 3 : 1;
  return bucket.is_upper_inclusive ? 0 : 2;
}

void WriteNumber(json::Writer& writer, double number) {
  writer.String(FormatDouble(number, FloatFormat::kApi));
}

// Buckets without observations are left out. Source: spec NH-007.
void WriteBuckets(json::Writer& writer, const model::FloatHistogram& histogram) {
  bool has_key = false;
  for (const model::HistogramBucket& bucket : model::AllBuckets(histogram)) {
    if (bucket.count == 0) continue;
    if (!std::exchange(has_key, true)) {
      writer.Key("buckets");
      writer.BeginArray();
    }
    writer.BeginArray();
    writer.Int64(SidesOf(bucket));
    WriteNumber(writer, bucket.lower);
    WriteNumber(writer, bucket.upper);
    WriteNumber(writer, bucket.count);
    writer.EndArray();
  }
  if (has_key) writer.EndArray();
}

// [1435781451.500,{"count":"3","sum":"5","buckets":[[0,"1","2","3"]]}]
void WriteHistogram(json::Writer& writer, model::TimestampMs timestamp,
                    const model::FloatHistogram& histogram) {
  writer.BeginArray();
  WriteTimestamp(writer, timestamp);
  writer.BeginObject();
  writer.Key("count");
  WriteNumber(writer, histogram.count);
  writer.Key("sum");
  WriteNumber(writer, histogram.sum);
  WriteBuckets(writer, histogram);
  writer.EndObject();
  writer.EndArray();
}

struct ValueWriter {
  json::Writer& writer;

  void operator()(const model::Sample& scalar) const { WriteSample(writer, scalar); }
  void operator()(const engine::StringValue& text) const {
    writer.BeginArray();
    WriteTimestamp(writer, text.timestamp);
    writer.String(text.value);
    writer.EndArray();
  }
  void operator()(const engine::Vector& vector) const {
    writer.BeginArray();
    for (const engine::VectorSample& element : vector) {
      if (writer.failed()) break;
      writer.BeginObject();
      writer.Key("metric");
      WriteLabels(writer, element.labels);
      if (element.histogram != nullptr) {
        writer.Key("histogram");
        WriteHistogram(writer, element.sample.timestamp, *element.histogram);
      } else {
        writer.Key("value");
        WriteSample(writer, element.sample);
      }
      writer.EndObject();
    }
    writer.EndArray();
  }
  void operator()(const engine::Matrix& matrix) const {
    writer.BeginArray();
    for (const engine::Series& series : matrix) {
      if (writer.failed()) break;
      writer.BeginObject();
      writer.Key("metric");
      WriteLabels(writer, series.labels);
      WriteSamples(series);
      writer.EndObject();
    }
    writer.EndArray();
  }
  void WriteSamples(const engine::Series& series) const {
    if (!series.samples.empty()) {
      writer.Key("values");
      writer.BeginArray();
      for (const model::Sample& sample : series.samples) WriteSample(writer, sample);
      writer.EndArray();
    }
    if (!series.histograms.empty()) {
      writer.Key("histograms");
      writer.BeginArray();
      for (const engine::HistogramSample& sample : series.histograms)
        WriteHistogram(writer, sample.timestamp, *sample.histogram);
      writer.EndArray();
    }
  }
};

}  // namespace

void WriteTimestamp(json::Writer& writer, model::TimestampMs timestamp) {
  writer.BeforeValue();
  AppendTimestamp(writer.buffer(), timestamp);
  writer.AfterValue();
}

void WriteSample(json::Writer& writer, model::Sample sample) {
  // One value for the writer: samples are what large answers consist of.
  writer.BeforeValue();
  std::string& out = writer.buffer();
  out += '[';
  AppendTimestamp(out, sample.timestamp);
  out += ",\"";
  AppendDouble(out, sample.value, FloatFormat::kApi);
  out += "\"]";
  writer.AfterValue();
}

void WriteLabels(json::Writer& writer, const model::LabelSet& labels) {
  writer.BeginObject();
  for (const model::Label& label : labels) {
    writer.Key(label.name);
    writer.String(label.value);
  }
  writer.EndObject();
}

void WriteExemplars(json::Writer& writer, std::span<const storage::SeriesExemplars> all) {
  writer.BeginArray();
  for (const storage::SeriesExemplars& series : all) {
    if (writer.failed()) break;
    writer.BeginObject();
    writer.Key("seriesLabels");
    WriteLabels(writer, series.labels);
    writer.Key("exemplars");
    writer.BeginArray();
    for (const model::Exemplar& exemplar : series.exemplars) {
      writer.BeginObject();
      writer.Key("labels");
      WriteLabels(writer, exemplar.labels);
      writer.Key("value");
      writer.String(FormatDouble(exemplar.value, FloatFormat::kApi));
      writer.Key("timestamp");
      WriteTimestamp(writer, exemplar.timestamp);
      writer.EndObject();
    }
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteQueryResult(json::Writer& writer, const engine::QueryResult& result) {
  json::Field(writer, "resultType", promql::ValueTypeName(result.type()));
  writer.Key("result");
  std::visit(ValueWriter{writer}, result.value);
}

// A histogram is written as many numbers.
constexpr std::size_t kHistogramWeight = 10;

std::size_t SampleCount(const engine::QueryResult& result) {
  if (const auto* matrix = std::get_if<engine::Matrix>(&result.value)) {
    std::size_t count = 0;
    for (const engine::Series& series : *matrix)
      count += series.samples.size() + series.histograms.size() * kHistogramWeight;
    return count;
  }
  const auto* vector = std::get_if<engine::Vector>(&result.value);
  return vector != nullptr ? vector->size() : 1;
}

}  // namespace narthex::api
