"""Which header of the standard library declares which name, and what a source forgets to include.

Sources are compiled with the most common headers of the standard library precompiled
(cmake/precompiled.cmake), so the compiler does not miss an include that is not there. This does: a
name of the standard library must be declared by a header that the file, or a header of ours below
it, includes.
"""

import re

# Header: the names of namespace std that it is included for. A name may have several homes.
HEADERS = {
    "algorithm": """
        all_of any_of binary_search clamp copy copy_if copy_n count count_if equal equal_range
        fill fill_n find find_if for_each generate includes is_heap is_sorted
        lexicographical_compare lower_bound make_heap max max_element merge min min_element minmax
        minmax_element mismatch next_permutation none_of nth_element partial_sort partition
        partition_point pop_heap push_heap ranges remove remove_if replace
        replace_if reverse rotate search
        set_difference set_intersection set_union shuffle sort sort_heap stable_partition
        stable_sort transform unique upper_bound""",
    "any": "any any_cast",
    "array": "array to_array",
    "atomic": """
        atomic atomic_bool atomic_flag atomic_ref atomic_thread_fence memory_order
        memory_order_acq_rel memory_order_acquire memory_order_relaxed memory_order_release
        memory_order_seq_cst""",
    "barrier": "barrier",
    "bit": """
        bit_cast bit_ceil bit_floor bit_width byteswap countl_one countl_zero countr_one
        countr_zero endian has_single_bit popcount rotl rotr""",
    "bitset": "bitset",
    "charconv": "chars_format from_chars from_chars_result to_chars to_chars_result",
    "chrono": "chrono",
    "cmath": """
        abs acos atan2 cbrt ceil cos exp exp2 fabs floor fma fmod isfinite isinf isnan lgamma log
        log1p log2 lround pow round signbit sin sqrt""",
    "compare": "partial_ordering strong_ordering weak_ordering",
    "concepts": """
        convertible_to derived_from floating_point integral invocable regular same_as
        signed_integral unsigned_integral""",
    "condition_variable": "condition_variable condition_variable_any cv_status",
    "csignal": "raise sig_atomic_t signal",
    "cstddef": "byte max_align_t nullptr_t ptrdiff_t size_t to_integer",
    "cstdio": """
        FILE fclose fflush fopen fprintf fputs fread fwrite printf putchar puts rename snprintf
        vsnprintf""",
    "cstdlib": """
        _Exit abort atexit atoi exit free getenv malloc quick_exit strtod strtol strtoul strtoull
        system""",
    "cstring": """
        memchr memcmp memcpy memmove memset strchr strcmp strerror strlen strncmp strrchr strstr
        strtok""",
    "ctime": "clock gmtime localtime mktime strftime time time_t tm",
    "deque": "deque",
    "exception": "current_exception exception exception_ptr rethrow_exception terminate",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": """
        bind_front equal_to function greater greater_equal hash identity invoke less less_equal
        minus multiplies not_fn plus ref""",
    "future": "async future promise",
    "initializer_list": "initializer_list",
    "iomanip": "setfill setprecision setw",
    "ios": "hex ios streamoff streamsize",
    "iostream": "cerr cin cout",
    "istream": "istream",
    "iterator": """
        advance back_inserter data distance forward_iterator_tag input_iterator_tag inserter
        istreambuf_iterator make_move_iterator next prev random_access_iterator_tag
        reverse_iterator size ssize""",
    "latch": "latch",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": """
        addressof align allocator allocator_traits construct_at default_delete destroy_at
        destroy_n enable_shared_from_this make_shared make_unique make_unique_for_overwrite
        shared_ptr uninitialized_copy unique_ptr weak_ptr""",
    "mutex": """
        adopt_lock call_once defer_lock lock lock_guard mutex once_flag recursive_mutex
        scoped_lock try_to_lock unique_lock""",
    "new": "align_val_t bad_alloc launder nothrow nothrow_t",
    "numbers": "numbers",
    "numeric": "accumulate gcd inner_product iota lcm midpoint reduce",
    "optional": "make_optional nullopt nullopt_t optional",
    "ostream": "endl flush ostream",
    "queue": "priority_queue queue",
    "random": """
        bernoulli_distribution discrete_distribution geometric_distribution mt19937 mt19937_64
        normal_distribution random_device seed_seq uniform_int_distribution
        uniform_real_distribution""",
    "ratio": "micro milli nano ratio",
    "semaphore": "binary_semaphore counting_semaphore",
    "set": "multiset set",
    "shared_mutex": "shared_lock shared_mutex",
    "span": "as_bytes as_writable_bytes dynamic_extent span",
    "sstream": "istringstream ostringstream stringstream",
    "stack": "stack",
    "stdexcept": "invalid_argument length_error logic_error out_of_range runtime_error",
    "stop_token": "stop_source stop_token",
    "string": """
        basic_string char_traits getline stod stof stoi stol stoll stoul stoull string to_string
        u16string u32string""",
    "string_view": "basic_string_view string_view u32string_view",
    "system_error": """
        errc error_category error_code generic_category make_error_code system_category
        system_error""",
    "thread": "jthread thread this_thread",
    "tuple": "apply forward_as_tuple get ignore make_tuple tie tuple tuple_size_v",
    "type_traits": """
        add_const_t conditional_t decay_t enable_if_t false_type integral_constant invoke_result_t
        is_aggregate_v is_arithmetic_v is_class_v is_const_v is_convertible_v
        is_copy_constructible_v is_default_constructible_v is_enum_v is_floating_point_v
        is_integral_v is_invocable_r_v is_invocable_v is_nothrow_move_constructible_v is_pointer_v
        is_same_v is_signed_v is_standard_layout_v is_trivially_copyable_v
        is_trivially_destructible_v is_unsigned_v is_void_v make_signed_t make_unsigned_t
        remove_const_t remove_cv_t remove_cvref_t remove_pointer_t remove_reference_t true_type
        type_identity_t underlying_type_t""",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_multiset unordered_set",
    "utility": """
        as_const cmp_equal cmp_greater cmp_less declval exchange forward in_place in_place_index
        in_place_type in_range index_sequence integer_sequence make_index_sequence make_pair move
        pair swap to_underlying unreachable""",
    "variant": "get_if holds_alternative monostate variant visit",
    "vector": "vector",
}
# What any container's or string's header declares besides: std::erase(), std::size() and the like.
CONTAINERS = {"array", "deque", "list", "map", "set", "span", "string", "string_view",
              "unordered_map", "unordered_set", "vector"}
ALSO_IN = {
    "abs": {"cstdlib"}, "data": CONTAINERS, "erase": CONTAINERS, "erase_if": CONTAINERS,
    "get": {"array", "utility", "variant"}, "next": CONTAINERS, "prev": CONTAINERS,
    "size": CONTAINERS,
    "size_t": {"cstdio", "cstdlib", "cstring", "ctime"}, "ssize": CONTAINERS, "hash": CONTAINERS,
    "in_place": {"optional", "variant", "any"}, "in_place_index": {"variant"},
    "nullptr_t": CONTAINERS, "streamsize": {"fstream", "iostream", "istream", "ostream", "sstream"},
    "ios": {"fstream", "iostream", "sstream"}, "hex": {"fstream", "iostream", "iomanip", "sstream"},
    "istream": {"fstream", "iostream", "sstream"}, "ostream": {"fstream", "iostream", "sstream"},
    "micro": {"chrono"}, "milli": {"chrono"}, "nano": {"chrono"}, "ratio": {"chrono"},
    "exception": {"stdexcept", "system_error", "new"}, "make_move_iterator": {"vector"},
    "initializer_list": CONTAINERS, "atomic": {"memory"}, "byte": {"span"},
}

# The integers of <cstdint> and the error numbers are used without std::.
BARE = {
    "cstdint": (re.compile(r"\bu?int(?:8|16|32|64)_t\b|\bu?intptr_t\b"),
                {"cstdint", "stdint.h", "inttypes.h", "cinttypes"}),
    "cerrno": (re.compile(r"\berrno\b"), {"cerrno", "errno.h"}),
}

NAME = re.compile(r"\bstd::(\w+)")
INCLUDE = re.compile(r'^#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def homes():
    """For each name of namespace std, the headers that declare it."""
    table = {}
    for header, names in HEADERS.items():
        for name in names.split():
            table.setdefault(name, set()).add(header)
    for name, headers in ALSO_IN.items():
        table.setdefault(name, set()).update(headers)
    return table


HOMES = homes()


class Includes:
    """The standard headers that each source includes, itself or through headers of ours."""

    def __init__(self, src):
        self.src = src
        self.known = {}

    def of(self, source):
        found = set()
        for kind, target in INCLUDE.findall(source):
            found |= {target} if kind == "<" else self.of_header(target)
        return found

    def of_header(self, path):
        if path not in self.known:
            self.known[path] = set()  # Includes in a circle end here.
            file = self.src / path
            self.known[path] = self.of(file.read_text()) if file.is_file() else set()
        return self.known[path]


def missing(source, bare, includes):
    """(line, name, header) of what `source` uses and does not include; `bare` is its bare code."""
    included = includes.of(source)
    found = {}
    for number, line in enumerate(bare.splitlines(), 1):
        for name in NAME.findall(line):
            wanted = HOMES.get(name)
            if wanted is None:
                found[name] = (number, f"std::{name}", "a row in tools/standard_headers.py")
            elif not wanted & included:
                headers = " or ".join(f"<{header}>" for header in sorted(wanted))
                found[name] = (number, f"std::{name}", headers)
        for header, (pattern, enough) in BARE.items():
            used = pattern.search(line)
            if used and not enough & included:
                found[header] = (number, used.group(), f"<{header}>")
    return found.values()
