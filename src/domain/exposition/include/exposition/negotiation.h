// From an Accept header to the format of an answer.
#pragma once

#include <string>
#include <string_view>

#include "exposition/writer.h"
#include "model/name_escaping.h"

namespace narthex::exposition {

struct NegotiationOptions {
  // For clauses that do not say.
  model::NameEscaping default_escaping = model::NameEscaping::kUnderscores;
  // The draft, for clauses that ask for version 2.0.0.
  bool offers_open_metrics_2 = false;
};

struct Negotiated {
  WriteOptions write;
  std::string content_type;  // with version or encoding, charset and escaping
};

// The clause with the highest q that can be served; of equals the first. What nothing fits gets the
// text format 0.0.4. Protobuf is offered delimited and in its two text forms.
//
// Source: Prometheus, content negotiation. Conformance: textparse/negotiate.
Negotiated Negotiate(std::string_view accept, NegotiationOptions options = {});

}  // namespace narthex::exposition
