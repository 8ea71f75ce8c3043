// What the engine tests of the corpus share: options, and the list of what does not pass.
#pragma once

#include <map>
#include <string>

#include "engine/engine.h"

namespace narthex::conformance {

// The options that the corpus' scripts run with.
engine::EngineOptions ScriptOptions();

// Place -> reason. A place is "promql/x.test:12", or "promql/x.json:ID".
std::map<std::string, std::string> ReadNotYet();

// Fails the running test if the outcome is not what the list says of `place`.
void ExpectListed(const std::string& place, const std::string& query, const std::string& failure);

}  // namespace narthex::conformance
