// prometheus.WriteRequest
#include "decoder.h"

namespace narthex::remote {
namespace {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

// Fields of a message, as one piece of it if they stand together; else put together.
class FieldStretch {
 public:
  explicit FieldStretch(WriteRequest& request) : request_(request) {}

  // `begin` to `end`: the field with its tag.
  void Add(const char* begin, const char* end) {
    if (view_.empty()) {
      view_ = {begin, static_cast<std::size_t>(end - begin)};
    } else if (gathered_ == nullptr && view_.data() + view_.size() == begin) {
      view_ = {view_.data(), static_cast<std::size_t>(end - view_.data())};
    } else {
      if (gathered_ == nullptr) gathered_ = &request_.gathered_fields.emplace_back(view_);
      gathered_->append(begin, end);
      view_ = *gathered_;
    }
  }
  std::string_view view() const { return view_; }

 private:
  WriteRequest& request_;
  std::string_view view_;
  std::string* gathered_ = nullptr;
};

SentExemplar DecodeExemplar(WriteRequest& request, std::string_view bytes) {
  SentExemplar exemplar;
  FieldStretch labels(request);
  protozero::pbf_reader message(bytes.data(), bytes.size());
  const char* begin = bytes.data();
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::length_delimited):
        message.skip();
        labels.Add(begin, message.data().data());
        break;
      case tag_and_type(2, pbf_wire_type::fixed64):
        exemplar.value = message.get_double();
        break;
      case tag_and_type(3, pbf_wire_type::varint):
        exemplar.timestamp = message.get_int64();
        break;
      default:
        message.skip();
    }
    begin = message.data().data();
  }
  exemplar.labels.fields = labels.view();
  return exemplar;
}

void DecodeSeries(RequestBuilder& builder, std::string_view bytes, std::uint64_t key_seed) {
  SentSeries series = builder.NewSeries();
  const std::size_t exemplar_count = builder.request().exemplars.size();
  FieldStretch labels(builder.request());
  protozero::pbf_reader message(bytes.data(), bytes.size());
  const char* begin = bytes.data();
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::length_delimited):
        message.skip();
        labels.Add(begin, message.data().data());
        break;
      case tag_and_type(2, pbf_wire_type::length_delimited):
        builder.AddSample(AsText(message.get_view()));
        SkipUsualSamples(builder, message);
        break;
      case tag_and_type(3, pbf_wire_type::length_delimited):
        builder.AddExemplar(DecodeExemplar(builder.request(), AsText(message.get_view())));
        break;
      case tag_and_type(4, pbf_wire_type::length_delimited):
        builder.AddHistogram(series, AsText(message.get_view()));
        break;
      default:
        message.skip();
    }
    begin = message.data().data();
  }
  const WriteRequest& request = builder.request();
  if (series.sample_begin == request.values.size() && series.histogram_count == 0 &&
      request.exemplars.size() == exemplar_count) {
    return;
  }
  series.labels.fields = labels.view();
  series.key = Hash128(labels.view(), key_seed);
  builder.AddSeries(series);
}

}  // namespace

Result<WriteRequest> DecodeV1(std::string_view bytes, const DecodeLimits& limits) {
  RequestBuilder builder(limits);
  NARTHEX_TRY(Guarded([&] {
    protozero::pbf_reader message(bytes.data(), bytes.size());
    while (message.next()) {
      if (message.tag_and_type() == tag_and_type(1, pbf_wire_type::length_delimited)) {
        DecodeSeries(builder, AsText(message.get_view()), limits.key_seed);
      } else {
        // Metadata of families among them: nothing here keeps it.
        message.skip();
      }
    }
  }));
  return builder.Take();
}

}  // namespace narthex::remote
