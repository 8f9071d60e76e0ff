#include "tests/bench/options.h"

#include <getopt.h>

#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace vkv::bench {

const char* const kUsage =
    "usage: vkv_bench [--rows N] [--repeat N] [--only PATTERN] [--clock wall|cpu] [--json FILE]\n"
    "                 [--extension FILE] [--directory DIRECTORY]\n"
    "       vkv_bench --markdown REPORT.json...\n";

namespace {

template <typename Number>
Number positive(const std::string& option, std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    throw std::invalid_argument("--" + option + ": '" + std::string(text) +
                                "' is not a positive number");
  }
  return number;
}

template <typename Choice>
Choice one_of(const std::string& option, std::string_view text,
              std::initializer_list<std::pair<std::string_view, Choice>> choices) {
  for (const auto& [name, choice] : choices) {
    if (text == name) return choice;
  }
  throw std::invalid_argument("--" + option + ": unknown '" + std::string(text) + "'");
}

void set_option(Options& options, const std::string& name, const char* value) {
  Settings& settings = options.settings;
  if (name == "rows") settings.rows = positive<std::uint64_t>(name, value);
  if (name == "repeat") settings.repeat = positive<int>(name, value);
  if (name == "only") options.only = value;
  if (name == "json") options.json = value;
  if (name == "extension") settings.extension = value;
  if (name == "directory") settings.directory = value;
  if (name == "markdown") options.markdown.emplace_back(value);
  if (name == "clock") {
    settings.clock = one_of<Clock>(name, value, {{"wall", Clock::wall}, {"cpu", Clock::cpu}});
  }
  if (name == "resident") {
    options.resident = one_of<Kind>(name, value, {{"plain", Kind::plain}, {"vkv", Kind::vkv}});
  }
}

}  // namespace

Options parse_options(int argc, char** argv) {
  static constexpr std::array<option, 10> kOptions{{
      {"rows", required_argument, nullptr, 0},
      {"repeat", required_argument, nullptr, 0},
      {"only", required_argument, nullptr, 0},
      {"clock", required_argument, nullptr, 0},
      {"json", required_argument, nullptr, 0},
      {"extension", required_argument, nullptr, 0},
      {"directory", required_argument, nullptr, 0},
      {"markdown", required_argument, nullptr, 0},
      {"resident", required_argument, nullptr, 0},
      {},
  }};
  Options options;
  options.settings.extension = VKV_EXTENSION;
  options.settings.directory = std::filesystem::temp_directory_path();
  opterr = 0;
  int index = 0;
  for (int code = 0; (code = getopt_long(argc, argv, "", kOptions.data(), &index)) != -1;) {
    if (code != 0) throw std::invalid_argument("unknown or incomplete option");
    set_option(options, kOptions[static_cast<std::size_t>(index)].name, optarg);
  }
  for (; optind < argc; ++optind) {
    if (options.markdown.empty()) {
      throw std::invalid_argument(std::string("unexpected '") + argv[optind] + "'");
    }
    options.markdown.emplace_back(argv[optind]);
  }
  return options;
}

}  // namespace vkv::bench
