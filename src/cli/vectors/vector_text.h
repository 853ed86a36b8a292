// Vectors as people and programs hand them over: numbers in text, JSON arrays, raw float32.
#ifndef VEXFS_CLI_VECTORS_VECTOR_TEXT_H_
#define VEXFS_CLI_VECTORS_VECTOR_TEXT_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/status.h"

namespace vexfs::cli {

// The nearest float. False where that is not a finite number.
bool narrow_number(double value, float& narrowed);

// "0.1,0.2 0.3" or "[0.1, 0.2]". EINVAL, ERANGE for numbers beyond float, E2BIG for more than
// limits::kDimMax.
Result<std::vector<float>> parse_vector_text(std::string_view text);

// Raw float32, little-endian; EINVAL when it is no whole number of them, or none; E2BIG.
Result<std::vector<float>> parse_vector_raw(std::string_view bytes);

// What a file or stdin holds: text when it begins with '[', else raw.
Result<std::vector<float>> parse_vector(std::string_view bytes);

// Appends [0.1,0.2] as one value: the shortest numbers that read back as the same floats. NaN and
// infinity, which JSON has no word for, become null.
void append_json_array(std::span<const float> vector, JsonWriter& json);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_VECTOR_TEXT_H_
