// io.prometheus.write.v2.Request
#include "decoder.h"

namespace narthex::remote {
namespace {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

// References may stand packed and singly, in any mixture.
void ReadRefs(protozero::pbf_reader& message, std::vector<std::uint32_t>& refs) {
  if (message.wire_type() == pbf_wire_type::varint) {
    refs.push_back(message.get_uint32());
  } else if (message.wire_type() == pbf_wire_type::length_delimited) {
    for (const std::uint32_t ref : message.get_packed_uint32()) refs.push_back(ref);
  } else {
    message.skip();
  }
}

void Keep(const std::vector<std::uint32_t>& refs, WriteRequest& request, SentLabels& labels) {
  labels.ref_begin = static_cast<std::uint32_t>(request.label_refs.size());
  request.label_refs.insert(request.label_refs.end(), refs.begin(), refs.end());
  labels.ref_end = static_cast<std::uint32_t>(request.label_refs.size());
}

SentExemplar DecodeExemplar(WriteRequest& request, std::string_view bytes) {
  SentExemplar exemplar;
  std::vector<std::uint32_t> refs;
  protozero::pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::length_delimited):
      case tag_and_type(1, pbf_wire_type::varint):
        ReadRefs(message, refs);
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
  }
  Keep(refs, request, exemplar.labels);
  return exemplar;
}

// Whether anything is said: type, help or unit.
bool HasMetadata(std::string_view bytes) {
  bool has_any = false;
  protozero::pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::varint):
      case tag_and_type(3, pbf_wire_type::varint):
      case tag_and_type(4, pbf_wire_type::varint):
        has_any = message.get_uint32() != 0 || has_any;
        break;
      default:
        message.skip();
    }
  }
  return has_any;
}

void SetCreated(WriteRequest& request, const SentSeries& series, model::TimestampMs created) {
  if (created == 0) return;
  request.start_timestamps.resize(request.values.size());
  for (std::size_t i = series.sample_begin; i < request.values.size(); ++i) {
    if (request.start_timestamps[i] == 0) request.start_timestamps[i] = created;
  }
  const auto end = request.histograms.end();
  for (auto one = end - series.histogram_count; one != end; ++one) {
    if (one->start_timestamp == 0) one->start_timestamp = created;
  }
}

class SeriesDecoder {
 public:
  explicit SeriesDecoder(RequestBuilder& builder) : builder_(builder) {}

  void Decode(std::string_view bytes) {
    SentSeries series = builder_.NewSeries();
    refs_.clear();
    model::TimestampMs created = 0;
    protozero::pbf_reader message(bytes.data(), bytes.size());
    while (message.next()) {
      switch (message.tag_and_type()) {
        case tag_and_type(1, pbf_wire_type::length_delimited):
        case tag_and_type(1, pbf_wire_type::varint):
          ReadRefs(message, refs_);
          break;
        case tag_and_type(2, pbf_wire_type::length_delimited):
          builder_.AddSample(AsText(message.get_view()));
          SkipUsualSamples(builder_, message);
          break;
        case tag_and_type(3, pbf_wire_type::length_delimited):
          builder_.AddHistogram(series, AsText(message.get_view()));
          break;
        case tag_and_type(4, pbf_wire_type::length_delimited):
          builder_.AddExemplar(DecodeExemplar(builder_.request(), AsText(message.get_view())));
          break;
        case tag_and_type(5, pbf_wire_type::length_delimited):
          series.has_metadata = HasMetadata(AsText(message.get_view()));
          break;
        case tag_and_type(6, pbf_wire_type::varint):
          created = message.get_int64();
          break;
        default:
          message.skip();
      }
    }
    Keep(refs_, builder_.request(), series.labels);
    SetCreated(builder_.request(), series, created);
    builder_.AddSeries(series);
  }

 private:
  RequestBuilder& builder_;
  std::vector<std::uint32_t> refs_;
};

// Symbols may stand behind the series that name them, so keys are made last. A series with a
// reference beside the symbols keeps the key of nothing: it is looked at closely and refused.
void SetKeys(WriteRequest& request, std::uint64_t seed) {
  std::vector<Hash128Value> symbols;
  symbols.reserve(request.symbols.size());
  for (const std::string_view symbol : request.symbols) symbols.push_back(Hash128(symbol, seed));
  std::vector<Hash128Value> parts;
  for (SentSeries& series : request.series) {
    parts.clear();
    for (std::uint32_t i = series.labels.ref_begin; i < series.labels.ref_end; ++i) {
      const std::uint32_t ref = request.label_refs[i];
      if (ref >= symbols.size()) break;
      parts.push_back(symbols[ref]);
    }
    if (parts.size() != series.labels.ref_end - series.labels.ref_begin) continue;
    // Another seed than that of 1.0, whose keys are of other bytes.
    series.key = Hash128(
        {reinterpret_cast<const char*>(parts.data()), parts.size() * sizeof(parts[0])}, ~seed);
  }
}

}  // namespace

Result<WriteRequest> DecodeV2(std::string_view bytes, const DecodeLimits& limits) {
  RequestBuilder builder(limits);
  NARTHEX_TRY(Guarded([&] {
    SeriesDecoder series(builder);
    protozero::pbf_reader message(bytes.data(), bytes.size());
    while (message.next()) {
      switch (message.tag_and_type()) {
        case tag_and_type(4, pbf_wire_type::length_delimited):
          builder.AddSymbol(AsText(message.get_view()));
          break;
        case tag_and_type(5, pbf_wire_type::length_delimited):
          series.Decode(AsText(message.get_view()));
          break;
        default:
          message.skip();
      }
    }
    SetKeys(builder.request(), limits.key_seed);
  }));
  return builder.Take();
}

}  // namespace narthex::remote
