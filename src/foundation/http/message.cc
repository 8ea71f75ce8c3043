#include "http/message.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/number.h"

namespace narthex::http {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the part of `rest` before `separator` off its front.
std::string_view TakePart(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string Decode(std::string_view text, bool is_plus_a_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && i + 2 < text.size()) {
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(c == '+' && is_plus_a_space ? ' ' : c);
  }
  return out;
}

// The q parameter of one element of an Accept header.
double QualityOf(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = Trim(TakePart(parameters, ';'));
    if (parameter.size() > 2 && Lower(parameter[0]) == 'q' && parameter[1] == '=') {
      return std::clamp(ParseDouble(parameter.substr(2)).value_or(0), 0.0, 1.0);
    }
  }
  return 1;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    if (c >= '0' && c <= '9') value = c - '0' + 52;
    if (c == '+') value = 62;
    if (c == '/') value = 63;
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    out.push_back(static_cast<char>(bits >> bit_count & 0xff));
  }
  return out;
}

constexpr std::pair<int, std::string_view> kStatusTexts[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Payload Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Entity"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

constexpr std::pair<Method, std::string_view> kMethods[] = {
    {Method::kGet, "GET"},         {Method::kHead, "HEAD"},   {Method::kPost, "POST"},
    {Method::kPut, "PUT"},         {Method::kPatch, "PATCH"}, {Method::kDelete, "DELETE"},
    {Method::kOptions, "OPTIONS"},
};

}  // namespace

void Headers::Set(std::string_view name, std::string_view value) {
  for (auto field = fields_.begin(); field != fields_.end(); ++field) {
    if (!SameName(field->first, name)) continue;
    field->second = value;
    fields_.erase(std::remove_if(field + 1, fields_.end(),
                                 [&](const Field& other) { return SameName(other.first, name); }),
                  fields_.end());
    return;
  }
  Add(name, value);
}

void Headers::Add(std::string_view name, std::string_view value) {
  fields_.emplace_back(std::string(name), std::string(value));
}

void Headers::Remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return SameName(field.first, name); });
}

std::string_view Headers::Get(std::string_view name) const {
  for (const Field& field : fields_) {
    if (SameName(field.first, name)) return field.second;
  }
  return {};
}

bool Headers::Has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const Field& field) { return SameName(field.first, name); });
}

std::vector<std::string_view> Headers::GetAll(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (SameName(field.first, name)) values.push_back(field.second);
  }
  return values;
}

std::string_view MethodName(Method method) {
  for (const auto& [known, name] : kMethods) {
    if (known == method) return name;
  }
  return "OTHER";
}

Method ParseMethod(std::string_view name) {
  for (const auto& [method, known] : kMethods) {
    if (known == name) return method;
  }
  return Method::kOther;
}

Parameters Parameters::Parse(std::string_view encoded) {
  Parameters parameters;
  while (!encoded.empty()) {
    std::string_view value = TakePart(encoded, '&');
    if (value.empty()) continue;
    const std::string_view name = TakePart(value, '=');
    parameters.Add(Decode(name, true), Decode(value, true));
  }
  return parameters;
}

void Parameters::Append(const Parameters& other) {
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
}

std::string_view Parameters::Get(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (key == name) return value;
  }
  return {};
}

bool Parameters::Has(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& entry) { return entry.first == name; });
}

std::vector<std::string_view> Parameters::GetAll(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : entries_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::string Parameters::ToString() const {
  std::string out;
  for (const auto& [name, value] : entries_) {
    if (!out.empty()) out.push_back('&');
    out += UrlEncode(name);
    out.push_back('=');
    out += UrlEncode(value);
  }
  return out;
}

std::string_view Request::path_parameter(std::string_view name) const {
  const auto found = path_parameters.find(name);
  return found == path_parameters.end() ? std::string_view() : found->second;
}

Parameters Request::AllParameters() const {
  Parameters all;
  std::string_view type = headers.Get("Content-Type");
  if (SameName(Trim(TakePart(type, ';')), "application/x-www-form-urlencoded")) {
    all = Parameters::Parse(body);
  }
  all.Append(query);
  return all;
}

bool Request::Accepts(std::string_view coding) const {
  return HeaderQuality(headers.Get("Accept-Encoding"), coding).value_or(0) > 0;
}

Response Response::Text(int status, std::string_view text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::string(text), nullptr};
}

Response Response::Json(int status, std::string text) {
  return {status, {{"Content-Type", "application/json"}}, std::move(text), nullptr};
}

Response Response::Html(int status, std::string text) {
  return {status, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(text), nullptr};
}

Response Response::Redirect(int status, std::string_view location) {
  Response response = Text(status, StatusText(status) + "\n");
  response.headers.Set("Location", location);
  return response;
}

std::string StatusText(int status) {
  for (const auto& [known, text] : kStatusTexts) {
    if (known == status) return std::string(text);
  }
  return "Status " + std::to_string(status);
}

std::string EncodeBase64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // with room for the closing zero
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string UrlEncode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z') ||
                          c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 0xf]);
  }
  return out;
}

std::string UrlDecode(std::string_view text) { return Decode(text, false); }

std::optional<double> HeaderQuality(std::string_view header, std::string_view token) {
  std::optional<double> of_star;
  while (!header.empty()) {
    std::string_view parameters = TakePart(header, ',');
    const std::string_view name = Trim(TakePart(parameters, ';'));
    if (SameName(name, token)) return QualityOf(parameters);
    if (name == "*") of_star = QualityOf(parameters);
  }
  return of_star;
}

std::string HtmlEscape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string_view Cookie(const Request& request, std::string_view name) {
  for (std::string_view rest : request.headers.GetAll("Cookie")) {
    while (!rest.empty()) {
      std::string_view value = TakePart(rest, ';');
      const std::string_view key = Trim(TakePart(value, '='));
      if (key == name) return Trim(value);
    }
  }
  return {};
}

std::optional<std::pair<std::string, std::string>> BasicCredentials(const Request& request) {
  std::string_view rest = Trim(request.headers.Get("Authorization"));
  if (!SameName(TakePart(rest, ' '), "basic")) return std::nullopt;
  const auto decoded = DecodeBase64(Trim(rest));
  if (!decoded) return std::nullopt;
  const std::size_t colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(decoded->substr(0, colon), decoded->substr(colon + 1));
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned char>(a[i] ^ other);
  }
  return difference == 0;
}

}  // namespace narthex::http
