#include "series_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/number.h"
#include "json/reader.h"

namespace narthex::dashapi {
namespace {

using json::Token;

// What comes is bounded where it comes from.
constexpr json::Limits kLimits = {.size_bytes_max = SIZE_MAX, .value_count_max = SIZE_MAX};

// Walks the answer token by token: an answer of a million samples never becomes a tree. Every
// function is called with its value's first token just read, and gives false after an error.
class AnswerReader {
 public:
  // std::string_view or json::Source.
  template <typename Body>
  explicit AnswerReader(Body body) : reader_(std::move(body), kLimits) {}

  bool Read() {
    const bool read =
        reader_.Next() == Token::kObjectBegin && Members([this](const std::string& key) {
          if (key == "status") return Text(status_);
          if (key == "errorType") return Text(error_type_);
          if (key == "error") return Text(error_);
          if (key == "warnings") return Texts(answer_.warnings);
          if (key == "infos") return Texts(answer_.infos);
          if (key == "data") return Data();
          return Skip();
        });
    return read && reader_.Next() == Token::kEnd;
  }

  const std::string& status() const { return status_; }
  std::string refusal() const {
    return error_type_.empty() ? error_ : fmt::format("{}: {}", error_type_, error_);
  }
  bool has_refusal() const { return !error_.empty(); }
  SeriesAnswer Take() && { return std::move(answer_); }

 private:
  // The members of an object whose beginning has been read; `member` reads each value.
  template <typename Function>
  bool Members(Function member) {
    while (true) {
      const Token token = reader_.Next();
      if (token == Token::kObjectEnd) return true;
      if (token != Token::kKey) return false;
      if (!member(std::string(reader_.text()))) return false;
    }
  }

  // The items of an array whose beginning has been read; `item` gets each one's first token.
  template <typename Function>
  bool Items(Function item) {
    while (true) {
      const Token token = reader_.Next();
      if (token == Token::kArrayEnd) return true;
      if (token == Token::kError || !item(token)) return false;
    }
  }

  bool Skip() { return reader_.Skip(); }

  bool Text(std::string& out) {
    if (reader_.Next() != Token::kString) return false;
    out = reader_.text();
    return true;
  }

  bool Texts(std::vector<std::string>& out) {
    const Token token = reader_.Next();
    if (token == Token::kNull) return true;
    return token == Token::kArrayBegin && Items([&](Token item) {
             if (item != Token::kString) return false;
             out.emplace_back(reader_.text());
             return true;
           });
  }

  bool Data() {
    const Token token = reader_.Next();
    if (token == Token::kNull) return true;
    return token == Token::kObjectBegin && Members([this](const std::string& key) {
             if (key == "resultType") return Text(answer_.result_type);
             if (key == "result") return ReadResult();
             return Skip();
           });
  }

  bool ReadResult() {
    const Token token = reader_.Next();
    if (token == Token::kNull) return true;
    if (token != Token::kArrayBegin) return false;
    bool is_first = true;
    return Items([&](Token item) {
      if (item == Token::kObjectBegin) return Series();
      // Of a scalar or string the array itself is the sample.
      return std::exchange(is_first, false) && item == Token::kNumber && LoneSample();
    });
  }

  bool LoneSample() {
    AnswerSeries& series = answer_.series.emplace_back();
    if (!Timestamp(series.timestamps)) return false;
    if (reader_.Next() != Token::kString) return false;
    series.text = reader_.text();
    series.values.push_back(ParseDouble(series.text).value_or(std::nan("")));
    return true;
  }

  bool Series() {
    answer_.series.emplace_back();
    const bool read = Members([this](const std::string& key) {
      AnswerSeries& series = answer_.series.back();
      const Token token = reader_.Next();
      if (key == "metric") return token == Token::kObjectBegin && Labels(series);
      if (token != Token::kArrayBegin) return token != Token::kError && reader_.Skip();
      if (key == "value") return Sample(series);
      if (key == "values")
        return Items([&](Token item) { return item == Token::kArrayBegin && Sample(series); });
      if (key == "histogram") return Histogram(series);
      if (key == "histograms") {
        return Items([&](Token item) { return item == Token::kArrayBegin && Histogram(series); });
      }
      return reader_.Skip();
    });
    // What growing left over is up to half of it, and an answer may be kept for a while.
    AnswerSeries& series = answer_.series.back();
    series.timestamps.shrink_to_fit();
    series.values.shrink_to_fit();
    series.buckets.shrink_to_fit();
    return read;
  }

  bool Labels(AnswerSeries& series) {
    const bool read = Members([&](const std::string& name) {
      std::string value;
      if (!Text(value)) return false;
      series.labels.emplace_back(name, std::move(value));
      return true;
    });
    std::sort(series.labels.begin(), series.labels.end());
    return read;
  }

  // The number that was just read, in seconds.
  bool Timestamp(std::vector<TimestampMs>& out) {
    const auto seconds = ParseDouble(reader_.text());
    if (!seconds || !(std::fabs(*seconds) < 1e15)) return false;
    out.push_back(static_cast<TimestampMs>(std::llround(*seconds * 1000)));
    return true;
  }

  // Behind the bracket: seconds, "value" and the other bracket.
  bool Sample(AnswerSeries& series) {
    if (reader_.Next() != Token::kNumber || !Timestamp(series.timestamps)) return false;
    if (reader_.Next() != Token::kString) return false;
    const auto value = ParseDouble(reader_.text());
    if (!value) return false;
    series.values.push_back(*value);
    return reader_.Next() == Token::kArrayEnd;
  }

  bool Histogram(AnswerSeries& series) {
    std::vector<TimestampMs> timestamp;
    if (reader_.Next() != Token::kNumber || !Timestamp(timestamp)) return false;
    if (reader_.Next() != Token::kObjectBegin) return false;
    const bool read = Members([&](const std::string& key) {
      if (key != "buckets") return Skip();
      const Token token = reader_.Next();
      return token == Token::kArrayBegin && Items([&](Token item) {
               return item == Token::kArrayBegin && Bucket(series, timestamp.front());
             });
    });
    return read && reader_.Next() == Token::kArrayEnd;
  }

  bool Number(double& out) {
    if (reader_.Next() != Token::kString) return false;
    const auto value = ParseDouble(reader_.text());
    out = value.value_or(0);
    return value.has_value();
  }

  bool Bucket(AnswerSeries& series, TimestampMs timestamp) {
    HistogramBucket bucket;
    bucket.timestamp = timestamp;
    if (reader_.Next() != Token::kNumber) return false;
    bucket.boundaries = ParseInt64(reader_.text()).value_or(0);
    if (!Number(bucket.lower) || !Number(bucket.upper) || !Number(bucket.count)) return false;
    series.buckets.push_back(bucket);
    return reader_.Next() == Token::kArrayEnd;
  }

  json::Reader reader_;
  std::string status_;
  std::string error_type_;
  std::string error_;
  SeriesAnswer answer_;
};

Result<SeriesAnswer> Outcome(int status, AnswerReader& reader) {
  const bool is_read = reader.Read();
  if (is_read && reader.has_refusal()) return Error(ErrorCode::kInvalidArgument, reader.refusal());
  if (is_read && status == 200 && reader.status() == "success") return std::move(reader).Take();
  if (status != 200) {
    return Error(ErrorCode::kUnavailable,
                 fmt::format("the data source answered with status {}", status));
  }
  return Error(ErrorCode::kUnavailable,
               "the data source's answer is not one of the Prometheus API");
}

}  // namespace

Result<SeriesAnswer> ReadSeriesAnswer(int status, std::string_view body) {
  AnswerReader reader(body);
  return Outcome(status, reader);
}

Result<SeriesAnswer> ReadSeriesAnswer(int status, json::Source body) {
  std::optional<Error> fault;
  AnswerReader reader(json::Source([&]() -> Result<std::string> {
    Result<std::string> piece = body();
    if (!piece.ok()) fault = piece.error();
    return piece;
  }));
  Result<SeriesAnswer> answer = Outcome(status, reader);
  // An answer that did not come is no malformed one.
  return fault ? Result<SeriesAnswer>(*std::move(fault)) : std::move(answer);
}

}  // namespace narthex::dashapi
