#include "frames.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "legend.h"

namespace narthex::dashapi {
namespace {

using json::Writer;

// A first frame says more than the others.
struct FrameHead {
  const SeriesAnswer& answer;
  const FrameInput& input;
  bool is_first = true;
};

std::string_view FrameType(std::string_view result_type, bool is_histogram) {
  if (is_histogram) return "heatmap-cells";
  if (result_type == "matrix") return "timeseries-multi";
  return "numeric-multi";
}

void WriteNotices(Writer& writer, const std::vector<std::string>& warnings,
                  const std::vector<std::string>& infos) {
  if (warnings.empty() && infos.empty()) return;
  writer.Key("notices");
  writer.BeginArray();
  const auto write = [&](std::string_view severity, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      writer.BeginObject();
      Field(writer, "severity", severity);
      Field(writer, "text", std::string_view(text));
      writer.EndObject();
    }
  };
  write("warning", warnings);
  write("info", infos);
  writer.EndArray();
}

void WriteMeta(Writer& writer, FrameHead& head, bool is_histogram) {
  writer.Key("meta");
  writer.BeginObject();
  Field(writer, "type", FrameType(head.answer.result_type, is_histogram));
  writer.Key("typeVersion");
  writer.Raw(is_histogram ? "[0,0]" : "[0,1]");
  writer.Key("custom");
  writer.BeginObject();
  Field(writer, "resultType", std::string_view(head.answer.result_type));
  writer.EndObject();
  if (head.is_first && !head.input.expr.empty()) {
    std::string executed = fmt::format("Expr: {}", head.input.expr);
    if (head.input.step.count() > 0)
      executed += fmt::format("\nStep: {}", FormatGoDuration(head.input.step));
    Field(writer, "executedQueryString", std::string_view(executed));
    WriteNotices(writer, head.answer.warnings, head.answer.infos);
    head.is_first = false;
  }
  writer.EndObject();
}

void BeginFrame(Writer& writer, FrameHead& head, std::string_view name, bool is_histogram) {
  writer.BeginObject();
  writer.Key("schema");
  writer.BeginObject();
  if (!name.empty()) Field(writer, "name", name);
  Field(writer, "refId", head.input.ref_id);
  WriteMeta(writer, head, is_histogram);
  writer.Key("fields");
  writer.BeginArray();
}

struct FieldType {
  std::string_view type;   // time, number, string
  std::string_view frame;  // Go's type
};
constexpr FieldType kTime{"time", "time.Time"};
constexpr FieldType kFloat{"number", "float64"};
constexpr FieldType kInt8{"number", "int8"};
constexpr FieldType kString{"string", "string"};

void BeginField(Writer& writer, std::string_view name, FieldType type) {
  writer.BeginObject();
  Field(writer, "name", name);
  Field(writer, "type", type.type);
  writer.Key("typeInfo");
  writer.BeginObject();
  Field(writer, "frame", type.frame);
  writer.EndObject();
}

template <typename Labels>
void WriteLabels(Writer& writer, const Labels& labels) {
  writer.Key("labels");
  writer.BeginObject();
  for (const auto& [name, value] : labels) Field(writer, name, std::string_view(value));
  writer.EndObject();
}

void WriteTimeField(Writer& writer, std::string_view name, milliseconds step) {
  BeginField(writer, name, kTime);
  if (step.count() > 0) {
    writer.Key("config");
    writer.BeginObject();
    Field(writer, "interval", std::int64_t{step.count()});
    writer.EndObject();
  }
  writer.EndObject();
}

void WriteValueField(Writer& writer, const AnswerSeries& series, FieldType type,
                     std::string_view legend) {
  BeginField(writer, "Value", type);
  WriteLabels(writer, series.labels);
  if (!legend.empty()) {
    writer.Key("config");
    writer.BeginObject();
    Field(writer, "displayNameFromDS", legend);
    writer.EndObject();
  }
  writer.EndObject();
}

// A column of doubles; remembers which of them JSON cannot say.
class FloatColumn {
 public:
  void Write(Writer& writer, double value) {
    if (!std::isfinite(value)) Note(value);
    writer.Double(value);
    ++index_;
  }

  // Null is a value that is not there, and no fault of JSON.
  void Write(Writer& writer, std::optional<double> value) {
    if (value) return Write(writer, *value);
    writer.Null();
    ++index_;
  }

  bool is_plain() const { return nan_.empty() && inf_.empty() && neg_inf_.empty(); }

  void WriteEntities(Writer& writer) const {
    if (is_plain()) return writer.Null();
    writer.BeginObject();
    WriteList(writer, "NaN", nan_);
    WriteList(writer, "Inf", inf_);
    WriteList(writer, "NegInf", neg_inf_);
    writer.EndObject();
  }

 private:
  void Note(double value) {
    (std::isnan(value) ? nan_ : value > 0 ? inf_ : neg_inf_).push_back(index_);
  }

  static void WriteList(Writer& writer, std::string_view key,
                        const std::vector<std::int64_t>& indexes) {
    if (indexes.empty()) return;
    writer.Key(key);
    writer.BeginArray();
    for (const std::int64_t index : indexes) writer.Int64(index);
    writer.EndArray();
  }

  std::int64_t index_ = 0;
  std::vector<std::int64_t> nan_;
  std::vector<std::int64_t> inf_;
  std::vector<std::int64_t> neg_inf_;
};

void EndFields(Writer& writer) {
  writer.EndArray();
  writer.EndObject();
  writer.Key("data");
  writer.BeginObject();
  writer.Key("values");
  writer.BeginArray();
}

void EndFrame(Writer& writer) {
  writer.EndObject();
  writer.EndObject();
}

void WriteSeriesFrame(Writer& writer, FrameHead& head, const AnswerSeries& series,
                      std::string_view legend) {
  const bool is_text = head.answer.result_type == "string";
  BeginFrame(writer, head, legend, false);
  WriteTimeField(writer, "Time", head.input.step);
  WriteValueField(writer, series, is_text ? kString : kFloat, legend);
  EndFields(writer);
  writer.BeginArray();
  for (const TimestampMs timestamp : series.timestamps) writer.Int64(timestamp);
  writer.EndArray();
  writer.BeginArray();
  FloatColumn column;
  if (is_text) {
    writer.String(series.text);
  } else {
    for (const double value : series.values) column.Write(writer, value);
  }
  writer.EndArray();
  writer.EndArray();
  if (!column.is_plain()) {
    writer.Key("entities");
    writer.BeginArray();
    writer.Null();
    column.WriteEntities(writer);
    writer.EndArray();
  }
  EndFrame(writer);
}

// Cells of a heatmap, one for each bucket and time.
void WriteHistogramFrame(Writer& writer, FrameHead& head, const AnswerSeries& series,
                         std::string_view legend) {
  BeginFrame(writer, head, legend, true);
  WriteTimeField(writer, "xMax", head.input.step);
  for (const std::string_view name : {"yMin", "yMax", "count"}) {
    BeginField(writer, name, kFloat);
    writer.EndObject();
  }
  BeginField(writer, "yLayout", kInt8);
  writer.EndObject();
  EndFields(writer);

  FloatColumn columns[3];
  const auto write = [&](auto get) {
    writer.BeginArray();
    for (const HistogramBucket& bucket : series.buckets) get(bucket);
    writer.EndArray();
  };
  write([&](const HistogramBucket& bucket) { writer.Int64(bucket.timestamp); });
  write([&](const HistogramBucket& bucket) { columns[0].Write(writer, bucket.lower); });
  write([&](const HistogramBucket& bucket) { columns[1].Write(writer, bucket.upper); });
  write([&](const HistogramBucket& bucket) { columns[2].Write(writer, bucket.count); });
  write([&](const HistogramBucket& bucket) { writer.Int64(bucket.boundaries); });
  writer.EndArray();

  bool is_plain = true;
  for (const FloatColumn& column : columns) is_plain = is_plain && column.is_plain();
  if (!is_plain) {
    writer.Key("entities");
    writer.BeginArray();
    writer.Null();
    for (const FloatColumn& column : columns) column.WriteEntities(writer);
    writer.Null();
    writer.EndArray();
  }
  EndFrame(writer);
}

void BeginExpressionFrame(Writer& writer, const expression::Value& value, std::string_view ref_id,
                          const std::vector<std::string>& warnings) {
  const bool is_series = value.kind == expression::ValueKind::kSeries;
  writer.BeginObject();
  writer.Key("schema");
  writer.BeginObject();
  Field(writer, "refId", ref_id);
  writer.Key("meta");
  writer.BeginObject();
  Field(writer, "type", std::string_view(is_series ? "timeseries-multi" : "numeric-multi"));
  writer.Key("typeVersion");
  writer.Raw("[0,1]");
  WriteNotices(writer, warnings, {});
  writer.EndObject();
  writer.Key("fields");
  writer.BeginArray();
  if (is_series) WriteTimeField(writer, "Time", milliseconds(0));
  if (value.kind != expression::ValueKind::kNoData) {
    BeginField(writer, ref_id, kFloat);
    WriteLabels(writer, value.labels);
    writer.EndObject();
  }
  EndFields(writer);
}

void WriteExpressionFrame(Writer& writer, const expression::Value& value, std::string_view ref_id,
                          const std::vector<std::string>& warnings) {
  BeginExpressionFrame(writer, value, ref_id, warnings);
  const bool is_series = value.kind == expression::ValueKind::kSeries;
  if (is_series) {
    writer.BeginArray();
    for (const TimestampMs timestamp : value.timestamps) writer.Int64(timestamp);
    writer.EndArray();
  }
  FloatColumn column;
  if (value.kind != expression::ValueKind::kNoData) {
    writer.BeginArray();
    for (const std::optional<double>& sample : value.values) column.Write(writer, sample);
    writer.EndArray();
  }
  writer.EndArray();
  if (!column.is_plain()) {
    writer.Key("entities");
    writer.BeginArray();
    if (is_series) writer.Null();
    column.WriteEntities(writer);
    writer.EndArray();
  }
  EndFrame(writer);
}

}  // namespace

void WriteFrames(json::Writer& writer, const expression::ValueSet& set, std::string_view ref_id) {
  const std::vector<std::string> none;
  for (std::size_t i = 0; i < set.values.size(); ++i) {
    WriteExpressionFrame(writer, set.values[i], ref_id, i == 0 ? set.warnings : none);
  }
}

void WriteFrames(json::Writer& writer, const SeriesAnswer& answer, const FrameInput& input) {
  FrameHead head{answer, input};
  if (answer.series.empty()) {
    BeginFrame(writer, head, "", false);
    EndFields(writer);
    writer.EndArray();
    EndFrame(writer);
    return;
  }
  const std::vector<std::string> legends = Legends(answer.series, input.legend_format, input.expr);
  for (std::size_t i = 0; i < answer.series.size(); ++i) {
    const AnswerSeries& series = answer.series[i];
    if (!series.timestamps.empty() || series.buckets.empty()) {
      WriteSeriesFrame(writer, head, series, legends[i]);
    }
    if (!series.buckets.empty()) WriteHistogramFrame(writer, head, series, legends[i]);
  }
}

}  // namespace narthex::dashapi
