// From an Accept header to the format of an answer.
#pragma once

#include <string>
#include <string_view>

#include "exposition/format.h"
#include "model/name_escaping.h"

namespace narthex::exposition {

struct Negotiated {
  Format format = Format::kText;
  model::NameEscaping escaping = model::NameEscaping::kUnderscores;
  std::string content_type;  // with version, charset and escaping
};

// The clause with the highest q that can be served; of equals the first. What nothing fits gets the
// text format 0.0.4. Protobuf is not offered.
//
// `default_escaping` is for clauses that do not say.
// Source: Prometheus, content negotiation. Conformance: textparse/negotiate.
Negotiated Negotiate(std::string_view accept,
                     model::NameEscaping default_escaping = model::NameEscaping::kUnderscores);

}  // namespace narthex::exposition
