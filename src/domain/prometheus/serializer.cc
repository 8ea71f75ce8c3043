#include "prometheus/serializer.h"

#include <ostream>
#include <sstream>

#include "collected_source.h"
#include "prometheus/text_serializer.h"

namespace prometheus {

std::string Serializer::Serialize(const std::vector<MetricFamily>& families) const {
  std::ostringstream out;
  Serialize(out, families);
  return out.str();
}

std::string TextSerializer::Serialize(const std::vector<MetricFamily>& families) const {
  std::string out;
  narthex::exposition::FamilyWriter writer(
      {.escaping = narthex::model::NameEscaping::kUnderscores});
  for (const MetricFamily& family : families) {
    detail::WriteSources({std::make_shared<detail::CollectedSource>(family)}, writer, out,
                         [](std::string&) { return true; });
  }
  return out;
}

void TextSerializer::Serialize(std::ostream& out, const std::vector<MetricFamily>& families) const {
  out << Serialize(families);
}

}  // namespace prometheus
