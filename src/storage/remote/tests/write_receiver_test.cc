#include "remote/write_receiver.h"

#include <gtest/gtest.h>
#include <snappy.h>

#include <cmath>
#include <random>

#include "exposition/metric_family.h"
#include "fake_appender.h"
#include "fake_clock.h"
#include "message_encoder.h"

namespace narthex::remote {
namespace {

constexpr std::string_view kV1 = "application/x-protobuf";
constexpr std::string_view kV2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
constexpr TimestampMs kNow = 1'700'000'000'000;

class WriteReceiverTest : public testing::Test {
 protected:
  WriteReceiverTest() { MakeReceiver({}); }

  void MakeReceiver(WriteReceiverOptions options) {
    registry_ = std::make_unique<client::Registry>();
    receiver_ = std::make_unique<WriteReceiver>(WriteReceiver::Parts{appender_, clock_, *registry_},
                                                options);
  }

  static http::Request RequestOf(std::string_view message, std::string_view content_type) {
    http::Request request;
    request.method = http::Method::kPost;
    request.headers = {{"Content-Type", std::string(content_type)}, {"Content-Encoding", "snappy"}};
    snappy::Compress(message.data(), message.size(), &request.body);
    return request;
  }
  http::Response Send(const MessageEncoder& message, std::string_view content_type = kV1) {
    return receiver_->Answer(RequestOf(message.bytes(), content_type));
  }
  double Counter(std::string_view name) const {
    for (const auto& family : registry_->Gather()) {
      if (family.name == name) return std::get<double>(family.metrics.front().value);
    }
    return std::nan("");
  }
  std::vector<double> Values(const std::string& series) {
    std::vector<double> values;
    for (const auto& sample : appender_.samples[series]) values.push_back(sample.value);
    return values;
  }

  FakeClock clock_{kNow};
  FakeAppender appender_;
  std::unique_ptr<client::Registry> registry_;
  std::unique_ptr<WriteReceiver> receiver_;
};

MessageEncoder V1WithSamples(std::initializer_list<std::pair<std::int64_t, double>> samples) {
  MessageEncoder series = SeriesV1({{"__name__", "m"}, {"job", "j"}});
  for (const auto& [timestamp, value] : samples) series.Message(2, SampleOf(timestamp, value));
  return MessageEncoder().Message(1, series);
}

constexpr const char* kSeries = "m{job=\"j\"}";

TEST_F(WriteReceiverTest, ContentTypeAndEncodingChooseTheMessageOr415) {
  const struct {
    std::string name;
    std::string type;
    std::string encoding;
    int want;
  } cases[] = {
      {"first senders", "application/x-protobuf", "snappy", 204},
      {"no type", "", "snappy", 204},
      {"no encoding", "application/x-protobuf", "", 204},
      {"1.0 by name", "application/x-protobuf;proto=prometheus.WriteRequest", "snappy", 204},
      {"spaces", "application/x-protobuf; proto=prometheus.WriteRequest", "snappy", 204},
      {"other parameters", "application/x-protobuf;a=b;proto=prometheus.WriteRequest", "snappy",
       204},
      {"2.0 by name", std::string(kV2), "snappy", 204},
      {"unknown message", "application/x-protobuf;proto=x.Y", "snappy", 415},
      {"no key-value", "application/x-protobuf;proto", "snappy", 415},
      {"another type", "application/json", "snappy", 415},
      {"another encoding", "application/x-protobuf", "deflate", 415},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    http::Request request = RequestOf("", c.type);
    request.headers.Set("Content-Encoding", c.encoding);
    EXPECT_EQ(receiver_->Answer(request).status, c.want);
  }
  http::Request unpacked = RequestOf("", kV1);
  unpacked.headers.Remove("Content-Encoding");
  unpacked.removed_coding = "gzip";
  EXPECT_EQ(receiver_->Answer(unpacked).status, 415);
}

TEST_F(WriteReceiverTest, MessagesThatAreSwitchedOffAre415) {
  WriteReceiverOptions options;
  options.accepts_v2 = false;
  MakeReceiver(options);
  EXPECT_EQ(Send({}, kV1).status, 204);
  EXPECT_EQ(Send({}, kV2).status, 415);
  options = {};
  options.accepts_v1 = false;
  MakeReceiver(options);
  EXPECT_EQ(Send({}, kV1).status, 415);
}

TEST_F(WriteReceiverTest, StoresSamplesOfV1) {
  const MessageEncoder request =
      MessageEncoder()
          .Message(1, SeriesV1({{"job", "j"}, {"__name__", "a"}})
                          .Message(2, SampleOf(1000, 1.5))
                          .Message(2, SampleOf(2000, -0.0)))
          // Labels behind and between the samples, fields that nobody knows.
          .Message(1, MessageEncoder()
                          .Message(1, LabelV1("__name__", "b"))
                          .Message(2, SampleOf(kNow, 7).Varint(9, 1))
                          .Bytes(15, "?")
                          .Message(1, LabelV1("empty", ""))
                          .Message(1, LabelV1("x", "y")))
          .Message(1, SeriesV1({{"__name__", "silent"}}))
          .Message(3, MessageEncoder().Varint(1, 1).Bytes(2, "a"));
  const http::Response response = Send(request);
  EXPECT_EQ(response.status, 204);
  EXPECT_TRUE(response.body.empty());
  EXPECT_EQ(Values("a{job=\"j\"}"), (std::vector<double>{1.5, -0.0}));
  EXPECT_EQ(Values("b{x=\"y\"}"), std::vector<double>{7});
  EXPECT_EQ(appender_.samples.size(), 2U);
  EXPECT_EQ(Counter("prometheus_api_remote_write_without_metadata_appended_samples_total"), 3);
}

TEST_F(WriteReceiverTest, KnownSeriesAreNotResolvedAgain) {
  EXPECT_EQ(Send(V1WithSamples({{1000, 1}})).status, 204);
  EXPECT_EQ(Send(V1WithSamples({{2000, 2}, {3000, 3}})).status, 204);
  EXPECT_EQ(appender_.resolve_count, 1);
  EXPECT_EQ(Values(kSeries), (std::vector<double>{1, 2, 3}));
}

TEST_F(WriteReceiverTest, DroppedSeriesAreResolvedAgain) {
  for (const std::string_view type : {kV1, kV2}) {
    SCOPED_TRACE(type);
    appender_.samples.clear();
    const auto message = [&](std::int64_t time) {
      if (type == kV1) return V1WithSamples({{time, 1}});
      return MessageEncoder()
          .Bytes(4, "")
          .Bytes(4, "__name__")
          .Bytes(4, "m")
          .Bytes(4, "job")
          .Bytes(4, "j")
          .Message(5,
                   MessageEncoder().PackedVarints(1, {1, 2, 3, 4}).Message(2, SampleOf(time, 1)));
    };
    EXPECT_EQ(Send(message(1000), type).status, 204);
    appender_.Drop(kSeries);
    EXPECT_EQ(Send(message(2000), type).status, 204);
    EXPECT_EQ(Send(message(3000), type).status, 204);
    EXPECT_EQ(Values(kSeries).size(), 3U);
  }
}

TEST_F(WriteReceiverTest, SeriesOfOneTargetShareAGroup) {
  const auto message = [](std::int64_t time, std::initializer_list<std::string_view> names) {
    MessageEncoder request;
    for (const std::string_view name : names) {
      for (const std::string_view instance : {"a", "b"}) {
        request.Message(
            1,
            SeriesV1({{"__name__", name}, {"instance", instance}}).Message(2, SampleOf(time, 1)));
      }
    }
    return request;
  };
  EXPECT_EQ(Send(message(1000, {"x", "y"})).status, 204);
  EXPECT_EQ(appender_.append_count, 2);
  // A series that comes later joins the others of its target.
  EXPECT_EQ(Send(message(2000, {"x", "y", "z"})).status, 204);
  EXPECT_EQ(appender_.append_count, 4);
  EXPECT_EQ(appender_.group_count, 2U);
}

TEST_F(WriteReceiverTest, InvalidLabelsOfV1AreSkippedWith204) {
  const struct {
    std::string name;
    MessageEncoder series;
  } cases[] = {
      {"no labels", SeriesV1({})},
      {"no metric name", SeriesV1({{"a", "b"}})},
      {"empty metric name", SeriesV1({{"__name__", ""}})},
      {"empty name", SeriesV1({{"__name__", "m"}, {"", "b"}})},
      {"not UTF-8", SeriesV1({{"__name__", "m"}, {"a", "\xff"}})},
      {"name twice", SeriesV1({{"__name__", "m"}, {"a", "1"}, {"a", "2"}})},
  };
  double want = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    MessageEncoder bad = c.series;
    bad.Message(2, SampleOf(1000, 1)).Message(2, SampleOf(2000, 1));
    const MessageEncoder good =
        SeriesV1({{"__name__", "ok"}}).Message(2, SampleOf(1000 + static_cast<int>(want), want));
    EXPECT_EQ(Send(MessageEncoder().Message(1, bad).Message(1, good)).status, 204);
    want += 2;
    EXPECT_EQ(Counter("prometheus_api_remote_write_invalid_labels_samples_total"), want);
  }
  EXPECT_EQ(appender_.samples.size(), 1U);
  EXPECT_EQ(Values("ok").size(), std::size(cases));
}

TEST_F(WriteReceiverTest, ARefusedSampleOfV1EndsTheWholeRequest) {
  appender_.oldest = 500;
  ASSERT_EQ(Send(V1WithSamples({{1000, 1}})).status, 204);
  const struct {
    std::string name;
    MessageEncoder request;
    std::string want;
  } cases[] = {
      {"out of order", V1WithSamples({{999, 1}}), "out of order sample\n"},
      {"duplicate", V1WithSamples({{1000, 2}}), "duplicate sample for timestamp\n"},
      {"out of bounds", V1WithSamples({{499, 1}}), "out of bounds\n"},
      {"far ahead", V1WithSamples({{2000, 1}, {kNow + 600'001, 2}}),
       "out of bounds: timestamp is too far in the future\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    MessageEncoder request = c.request;
    request.Message(1, SeriesV1({{"__name__", "n"}, {"job", "j"}}).Message(2, SampleOf(5000, 1)));
    const http::Response response = Send(request);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.body, c.want);
    EXPECT_EQ(Values("n{job=\"j\"}").size(), 0U);
    EXPECT_EQ(Values(kSeries).size(), 1U);
  }
  // Ten minutes ahead are just right, and a repeat is no fault.
  EXPECT_EQ(Send(V1WithSamples({{1000, 1}})).status, 204);
  EXPECT_EQ(Send(V1WithSamples({{kNow + 600'000, 1}})).status, 204);
}

TEST_F(WriteReceiverTest, AFailureOfTheStoreIs500) {
  appender_.error = Error{ErrorCode::kNoSpace, "no space left"};
  for (const std::string_view type : {kV1, kV2}) {
    const MessageEncoder request =
        type == kV1
            ? V1WithSamples({{1000, 1}})
            : MessageEncoder()
                  .Bytes(4, "__name__")
                  .Bytes(4, "m")
                  .Message(5, MessageEncoder().PackedVarints(1, {0, 1}).Message(2, SampleOf(1, 1)));
    const http::Response response = Send(request, type);
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body, "no space left\n");
  }
  appender_.error.reset();
  EXPECT_EQ(Send(V1WithSamples({{1000, 1}})).status, 204);
}

// Symbols 0 to 8, then what the test adds.
MessageEncoder V2(std::initializer_list<MessageEncoder> series) {
  MessageEncoder request;
  for (const char* symbol : {"", "__name__", "m", "n", "job", "j", "trace_id", "t", "help"}) {
    request.Bytes(4, symbol);
  }
  for (const MessageEncoder& one : series) request.Message(5, one);
  return request;
}

MessageEncoder SeriesM() { return MessageEncoder().PackedVarints(1, {1, 2, 4, 5}); }
MessageEncoder SeriesN() { return MessageEncoder().Varint(1, 1).Varint(1, 3); }  // not packed

std::string Written(const http::Response& response) {
  return std::string(response.headers.Get("X-Prometheus-Remote-Write-Samples-Written")) + "," +
         std::string(response.headers.Get("X-Prometheus-Remote-Write-Histograms-Written")) + "," +
         std::string(response.headers.Get("X-Prometheus-Remote-Write-Exemplars-Written"));
}

TEST_F(WriteReceiverTest, StoresV2WithStartTimes) {
  const MessageEncoder request = V2({SeriesM()
                                         .Message(2, SampleOf(1000, 1).Varint(3, 400))
                                         .Message(2, SampleOf(2000, 2))
                                         .Message(5, MessageEncoder().Varint(1, 1).Varint(3, 8))
                                         .Varint(6, 500),
                                     SeriesN().Message(2, SampleOf(1000, 3))});
  const http::Response response = Send(request, kV2);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(Written(response), "3,0,0");
  EXPECT_EQ(Values(kSeries), (std::vector<double>{1, 2}));
  EXPECT_EQ(appender_.samples[kSeries][0].start_timestamp, 400);
  EXPECT_EQ(appender_.samples[kSeries][1].start_timestamp, 500);
  EXPECT_EQ(appender_.samples["n"][0].start_timestamp, 0);
  EXPECT_EQ(Counter("prometheus_api_remote_write_without_metadata_appended_samples_total"), 1);
}

TEST_F(WriteReceiverTest, KeysOfV2HangOnSymbolsNotOnReferences) {
  ASSERT_EQ(Send(V2({SeriesM().Message(2, SampleOf(1000, 1))}), kV2).status, 204);
  // The same references, other symbols; symbols behind the series.
  const MessageEncoder other = MessageEncoder()
                                   .Message(5, SeriesM().Message(2, SampleOf(1000, 9)))
                                   .Bytes(4, "")
                                   .Bytes(4, "__name__")
                                   .Bytes(4, "o")
                                   .Bytes(4, "")
                                   .Bytes(4, "a")
                                   .Bytes(4, "b");
  ASSERT_EQ(Send(other, kV2).status, 204);
  EXPECT_EQ(Values(kSeries), std::vector<double>{1});
  EXPECT_EQ(Values("o{a=\"b\"}"), std::vector<double>{9});
}

TEST_F(WriteReceiverTest, V2KeepsTheGoodAndNamesTheBad) {
  appender_.oldest = 500;
  ASSERT_EQ(Send(V2({SeriesM().Message(2, SampleOf(1000, 1))}), kV2).status, 204);
  const struct {
    std::string name;
    MessageEncoder bad;
    std::string want;
  } cases[] = {
      {"out of order", SeriesM().Message(2, SampleOf(999, 1)),
       "out of order sample for series {__name__=\"m\", job=\"j\"}\n"},
      {"duplicate", SeriesM().Message(2, SampleOf(1000, 2)),
       "duplicate sample for timestamp for series {__name__=\"m\", job=\"j\"}\n"},
      {"out of bounds", SeriesM().Message(2, SampleOf(499, 1)),
       "out of bounds for series {__name__=\"m\", job=\"j\"}\n"},
      {"far ahead", SeriesM().Message(2, SampleOf(kNow + 600'001, 2)),
       "out of bounds: timestamp is too far in the future for series {__name__=\"m\", "
       "job=\"j\"}\n"},
      {"nothing in it", SeriesM(),
       "TimeSeries must contain at least one sample or histogram for series {__name__=\"m\", "
       "job=\"j\"}\n"},
      {"odd references", MessageEncoder().PackedVarints(1, {1, 2, 4}).Message(2, SampleOf(9000, 1)),
       "parsing labels for series: invalid labelRefs length 3\n"},
      {"beside the symbols",
       MessageEncoder().PackedVarints(1, {1, 99}).Message(2, SampleOf(9000, 1)),
       "parsing labels for series: labelRefs 1 (name) = 99 (value) outside of symbols table (size "
       "9)\n"},
      {"no metric name", MessageEncoder().PackedVarints(1, {4, 5}).Message(2, SampleOf(9000, 1)),
       "invalid metric name or labels, got {job=\"j\"}\n"},
      {"name twice",
       MessageEncoder().PackedVarints(1, {1, 2, 4, 5, 4, 3}).Message(2, SampleOf(9000, 1)),
       "invalid labels for series, labels {__name__=\"m\", job=\"j\", job=\"n\"}, duplicated label "
       "job\n"},
  };
  std::int64_t time = 2000;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const http::Response response =
        Send(V2({c.bad, SeriesN().Message(2, SampleOf(++time, 5))}), kV2);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.body, c.want);
    EXPECT_EQ(Written(response), "1,0,0");
  }
  EXPECT_EQ(Values("n").size(), std::size(cases));
  EXPECT_EQ(Values(kSeries).size(), 1U);
}

// RWS-002, RWS-003: what is refused takes back the groups before it, or only itself.
TEST_F(WriteReceiverTest, ARefusalInOneGroupTakesAllOfV1AndOnlyItselfOfV2) {
  appender_.oldest = 500;
  const auto of_job = [](std::string_view name, std::string_view job, std::int64_t time,
                         double value) {
    return SeriesV1({{"__name__", name}, {"job", job}}).Message(2, SampleOf(time, value));
  };
  const MessageEncoder first = of_job("first", "a", 1000, 1);
  ASSERT_EQ(Send(MessageEncoder().Message(1, of_job("second", "b", 1000, 1))).status, 204);
  const MessageEncoder refused = of_job("second", "b", 999, 1);
  const MessageEncoder histogram =
      SeriesV1({{"__name__", "third"}, {"job", "c"}}).Message(4, MessageEncoder().Varint(15, 1000));
  const struct {
    std::string name;
    MessageEncoder request;
  } cases[] = {
      {"behind a group", MessageEncoder().Message(1, first).Message(1, refused)},
      {"before a group", MessageEncoder().Message(1, refused).Message(1, first)},
      {"before histograms", MessageEncoder().Message(1, refused).Message(1, histogram)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Send(c.request).status, 400);
    EXPECT_TRUE(Values("first{job=\"a\"}").empty());
    EXPECT_TRUE(Values("third{job=\"c\"}").empty());
    EXPECT_EQ(Values("second{job=\"b\"}").size(), 1U);
  }
  const http::Response v2 =
      Send(V2({SeriesM().Message(2, SampleOf(2000, 1)).Message(2, SampleOf(1, 1)),
               SeriesN().Message(2, SampleOf(2000, 1))}),
           kV2);
  EXPECT_EQ(v2.status, 400);
  EXPECT_EQ(Written(v2), "2,0,0");
}

// RWS-003: the store takes a request, of however many groups and kinds, as one append.
TEST_F(WriteReceiverTest, ARequestIsOneAppend) {
  WriteReceiverOptions options;
  options.keeps_exemplars = true;
  MakeReceiver(options);
  const MessageEncoder exemplar =
      MessageEncoder().PackedVarints(1, {6, 7}).Double(2, 0.5).Varint(3, 9);
  const MessageEncoder request = V2({SeriesM().Message(2, SampleOf(2000, 1)).Message(4, exemplar),
                                     SeriesN().Message(3, MessageEncoder().Varint(15, 2000))});
  EXPECT_EQ(Send(request, kV2).status, 204);
  EXPECT_EQ(appender_.together_count, 1);
  EXPECT_EQ(appender_.append_count, 3);
  appender_.error = Error{ErrorCode::kNoSpace, "no space left"};
  const http::Response failed = Send(request, kV2);
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(Written(failed), "0,0,0");
}

TEST_F(WriteReceiverTest, StoresHistogramsOfBothKinds) {
  const MessageEncoder integer = MessageEncoder()
                                     .Varint(1, 11)  // count
                                     .Double(3, 4.5)
                                     .Signed(4, 1)
                                     .Double(5, 0.001)
                                     .Varint(6, 2)  // zero count
                                     .Message(8, Span(0, 1))
                                     .PackedSigned(9, {1})
                                     .Message(11, Span(-2, 2))
                                     .Message(11, Span(1, 1))
                                     .PackedSigned(12, {3, -1, 1})
                                     .Varint(14, 3)
                                     .Varint(15, 1000);
  const MessageEncoder floats = MessageEncoder()
                                    .Double(2, 2.5)
                                    .Double(3, 1)
                                    .Signed(4, -53)
                                    .Message(11, Span(0, 2))
                                    .PackedDoubles(13, {1.5, 1})
                                    .PackedDoubles(16, {0.5})
                                    .Varint(15, 2000)
                                    .Varint(17, 100);
  for (const std::string_view type : {kV1, kV2}) {
    SCOPED_TRACE(type);
    appender_.samples.clear();
    http::Response response;
    if (type == kV1) {
      response = Send(MessageEncoder().Message(
          1, SeriesV1({{"__name__", "m"}, {"job", "j"}}).Message(4, integer).Message(4, floats)));
    } else {
      response = Send(V2({SeriesM().Message(3, integer).Message(3, floats)}), kV2);
      EXPECT_EQ(Written(response), "0,2,0");
    }
    EXPECT_EQ(response.status, 204) << response.body;
    ASSERT_EQ(appender_.samples[kSeries].size(), 2U);
    model::FloatHistogram want;
    want.reset_hint = model::CounterResetHint::kGauge;
    want.schema = 1;
    want.zero_threshold = 0.001;
    want.zero_count = 2;
    want.count = 11;
    want.sum = 4.5;
    want.negative_spans = {{0, 1}};
    want.negative_buckets = {1};
    want.positive_spans = {{-2, 2}, {1, 1}};
    want.positive_buckets = {3, 2, 3};
    EXPECT_EQ(appender_.samples[kSeries][0].histogram, want);
    EXPECT_EQ(appender_.samples[kSeries][0].value, 4.5);
    const auto& second = appender_.samples[kSeries][1];
    EXPECT_EQ(second.histogram->custom_values, std::vector<double>{0.5});
    EXPECT_EQ(second.histogram->positive_buckets, (std::vector<double>{1.5, 1}));
    EXPECT_EQ(second.start_timestamp, 100);
  }
}

TEST_F(WriteReceiverTest, FineSchemasAreBroughtDown) {
  // Buckets 1 to 4 of schema 9 are buckets 1 and 2 of schema 8.
  const MessageEncoder fine = MessageEncoder()
                                  .Varint(1, 10)
                                  .Double(3, 1)
                                  .Signed(4, 9)
                                  .Message(11, Span(1, 4))
                                  .PackedSigned(12, {1, 1, 1, 1})
                                  .Varint(15, 1000);
  ASSERT_EQ(Send(V2({SeriesM().Message(3, fine)}), kV2).status, 204);
  const model::FloatHistogram& histogram = *appender_.samples[kSeries].at(0).histogram;
  EXPECT_EQ(histogram.schema, 8);
  EXPECT_EQ(histogram.positive_spans, (std::vector<model::HistogramSpan>{{1, 2}}));
  EXPECT_EQ(histogram.positive_buckets, (std::vector<double>{3, 7}));
}

TEST_F(WriteReceiverTest, WrongHistogramsAreBadRequests) {
  const struct {
    std::string name;
    MessageEncoder histogram;
    std::string want;
  } cases[] = {
      {"unknown schema", MessageEncoder().Varint(1, 0).Signed(4, 60).Varint(15, 1), "schema"},
      {"spans without buckets", MessageEncoder().Varint(1, 0).Message(11, Span(0, 3)).Varint(15, 1),
       "spans need 3 buckets, have 0 buckets"},
      {"fine, spans without buckets",
       MessageEncoder().Varint(1, 0).Signed(4, 20).Message(11, Span(0, 3)).Varint(15, 1),
       "spans need 3 buckets, have 0 buckets"},
      {"count does not come out", MessageEncoder().Varint(1, 3).Varint(6, 2).Varint(15, 1),
       "2 observations found in buckets, but the Count field is 3"},
      {"negative bucket",
       MessageEncoder().Varint(1, 0).Message(11, Span(0, 1)).PackedSigned(12, {-1}).Varint(15, 1),
       "observation count of -1"},
      {"far ahead", MessageEncoder().Varint(1, 0).Varint(15, kNow + 600'001),
       "too far in the future"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const http::Response v1 = Send(MessageEncoder().Message(
        1, SeriesV1({{"__name__", "m"}, {"job", "j"}}).Message(4, c.histogram)));
    EXPECT_EQ(v1.status, 400);
    EXPECT_NE(v1.body.find(c.want), std::string::npos) << v1.body;
    const http::Response v2 = Send(V2({SeriesM().Message(3, c.histogram)}), kV2);
    EXPECT_EQ(v2.status, 400);
    EXPECT_NE(v2.body.find(c.want), std::string::npos) << v2.body;
    EXPECT_EQ(Written(v2), "0,0,0");
  }
  EXPECT_TRUE(appender_.samples[kSeries].empty());
}

TEST_F(WriteReceiverTest, ExemplarsNeverFailV1) {
  WriteReceiverOptions options;
  options.keeps_exemplars = true;
  MakeReceiver(options);
  const auto exemplar_v1 = [](std::string_view value, std::int64_t time) {
    return MessageEncoder()
        .Message(1, LabelV1("trace_id", value))
        .Double(2, 0.25)
        .Varint(3, static_cast<std::uint64_t>(time));
  };
  appender_.oldest = 500;
  const MessageEncoder request =
      MessageEncoder().Message(1, SeriesV1({{"__name__", "m"}, {"job", "j"}})
                                      .Message(2, SampleOf(1000, 1))
                                      .Message(3, exemplar_v1("t", 1000))
                                      .Message(3, exemplar_v1("late", 1))
                                      .Message(3, exemplar_v1("ahead", kNow + 600'001))
                                      .Message(3, exemplar_v1(std::string(121, 'x'), 1000)));
  EXPECT_EQ(Send(request).status, 204);
  ASSERT_EQ(appender_.exemplars[kSeries].size(), 1U);
  EXPECT_EQ(appender_.exemplars[kSeries][0],
            (model::Exemplar{model::LabelSet{{"trace_id", "t"}}, 0.25, 1000}));

  const auto exemplar_v2 = [](std::int64_t time) {
    return MessageEncoder().PackedVarints(1, {6, 7}).Double(2, 0.5).Varint(
        3, static_cast<std::uint64_t>(time));
  };
  const http::Response v2 = Send(V2({SeriesM()
                                         .Message(2, SampleOf(2000, 1))
                                         .Message(4, exemplar_v2(2000))
                                         .Message(4, exemplar_v2(1))}),
                                 kV2);
  EXPECT_EQ(v2.status, 400);
  EXPECT_EQ(v2.body, "out of order exemplar (1 of 2 exemplars)\n");
  EXPECT_EQ(Written(v2), "1,0,1");
}

TEST_F(WriteReceiverTest, LimitsAre413) {
  WriteReceiverOptions options;
  options.decoded_size_bytes_max = 200;
  options.series_count_max = 2;
  options.sample_count_max = 3;
  MakeReceiver(options);
  const auto many_series = [](int count) {
    MessageEncoder request;
    for (int i = 0; i < count; ++i) {
      request.Message(1, SeriesV1({{"__name__", std::string(1, static_cast<char>('a' + i))}})
                             .Message(2, SampleOf(1, 1)));
    }
    return request;
  };
  EXPECT_EQ(Send(many_series(2)).status, 204);
  EXPECT_EQ(Send(many_series(3)).status, 413);
  EXPECT_EQ(Send(V1WithSamples({{1, 1}, {2, 2}, {3, 3}})).status, 204);
  EXPECT_EQ(Send(V1WithSamples({{4, 1}, {5, 2}, {6, 3}, {7, 4}})).status, 413);
  EXPECT_EQ(Send(MessageEncoder().Bytes(9, std::string(300, 'x'))).status, 413);
  EXPECT_EQ(Send(V2({}), kV2).status, 413);  // nine symbols
  EXPECT_EQ(Counter("narthex_remote_write_limited_requests_total"), 4);
}

TEST_F(WriteReceiverTest, CutAndFlippedBytesNeverCrash) {
  const std::string v1 =
      MessageEncoder()
          .Message(1, SeriesV1({{"__name__", "m"}, {"job", "j"}})
                          .Message(2, SampleOf(1000, 1))
                          .Message(3, MessageEncoder().Message(1, LabelV1("t", "u")).Varint(3, 1))
                          .Message(4, MessageEncoder()
                                          .Varint(1, 1)
                                          .Message(11, Span(0, 1))
                                          .PackedSigned(12, {1})
                                          .Varint(15, 1)))
          .bytes();
  const std::string v2 = V2({SeriesM()
                                 .Message(2, SampleOf(1000, 1).Varint(3, 1))
                                 .Message(3, MessageEncoder()
                                                 .Double(2, 1)
                                                 .Message(11, Span(0, 1))
                                                 .PackedDoubles(13, {1})
                                                 .Varint(15, 1))
                                 .Message(4, MessageEncoder().PackedVarints(1, {6, 7}))})
                             .bytes();
  for (const auto& [bytes, type] : {std::pair{v1, kV1}, std::pair{v2, kV2}}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const int status = receiver_->Answer(RequestOf(bytes.substr(0, size), type)).status;
      EXPECT_TRUE(status == 204 || status == 400) << size << ": " << status;
    }
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      const int status = receiver_->Answer(RequestOf(flipped, type)).status;
      EXPECT_TRUE(status == 204 || status == 400) << bit << ": " << status;
    }
  }
}

TEST_F(WriteReceiverTest, DamagedCompressionIs400) {
  http::Request request = RequestOf(V1WithSamples({{1000, 1}}).bytes(), kV1);
  const std::string whole = request.body;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    request.body = whole.substr(0, size);
    EXPECT_EQ(receiver_->Answer(request).status, 400) << size;
  }
}

}  // namespace
}  // namespace narthex::remote
