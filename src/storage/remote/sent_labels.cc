// Labels of series and exemplars, as they were sent.
#include <fmt/format.h>

#include "decoder.h"

namespace narthex::remote {
namespace {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

model::Label DecodeLabel(std::string_view bytes) {
  model::Label label;
  protozero::pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::length_delimited):
        label.name = AsText(message.get_view());
        break;
      case tag_and_type(2, pbf_wire_type::length_delimited):
        label.value = AsText(message.get_view());
        break;
      default:
        message.skip();
    }
  }
  return label;
}

Result<std::vector<model::Label>> LabelsOfRefs(const WriteRequest& request,
                                               const SentLabels& labels) {
  const std::uint32_t count = labels.ref_end - labels.ref_begin;
  if (count % 2 != 0) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("invalid labelRefs length {}", count)};
  }
  std::vector<model::Label> result;
  for (std::uint32_t i = labels.ref_begin; i < labels.ref_end; i += 2) {
    const std::uint32_t name = request.label_refs[i];
    const std::uint32_t value = request.label_refs[i + 1];
    if (std::max(name, value) >= request.symbols.size()) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("labelRefs {} (name) = {} (value) outside of symbols table (size {})", name,
                      value, request.symbols.size())};
    }
    result.push_back({request.symbols[name], request.symbols[value]});
  }
  return result;
}

}  // namespace

Result<std::vector<model::Label>> LabelsOf(const WriteRequest& request, const SentLabels& labels) {
  if (labels.ref_begin != labels.ref_end) return LabelsOfRefs(request, labels);
  std::vector<model::Label> result;
  NARTHEX_TRY(Guarded([&] {
    protozero::pbf_reader message(labels.fields.data(), labels.fields.size());
    while (message.next(1, pbf_wire_type::length_delimited)) {
      result.push_back(DecodeLabel(AsText(message.get_view())));
    }
  }));
  return result;
}

}  // namespace narthex::remote
