// The functions of texts. The types of their arguments have been checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "functions.h"
#include "json/value.h"

namespace narthex::jmespath {

// The bytes of each character. Texts of JSON are UTF-8.
std::vector<std::string_view> CodePoints(std::string_view text);
std::string Reversed(std::string_view text);

json::Value StartsWith(const std::vector<Argument>& arguments);
json::Value EndsWith(const std::vector<Argument>& arguments);
json::Value Join(const std::vector<Argument>& arguments);
// Letters of ASCII.
json::Value Lower(const std::vector<Argument>& arguments);
json::Value Upper(const std::vector<Argument>& arguments);
// Every one.
json::Value Replace(const std::vector<Argument>& arguments);
// By an empty text: into characters.
json::Value Split(const std::vector<Argument>& arguments);
// Takes the characters of the second argument, or white space, off both ends.
json::Value Trim(const std::vector<Argument>& arguments);

}  // namespace narthex::jmespath
