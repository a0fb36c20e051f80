# Writes a C file with the toolbar's assets, compressed, and the hash that goes into their URLs.
# Run as a script: cmake -DSOURCE_DIR=... -DOUTPUT=... -P embed_assets.cmake
# No host tool is built for this, so cross builds work; CMake itself can compress.
#
# An asset is made of parts, one after the other; those of a script share one function.
set(_assets
  "toolbar.css|text/css|toolbar/base.css toolbar/frame.css toolbar/panels.css toolbar/pages.css"
  "toolbar.js|text/javascript|toolbar/start.js toolbar/view.js toolbar/bar.js toolbar/queries.js toolbar/fetches.js toolbar/swaps.js toolbar/switches.js toolbar/time.js toolbar/main.js"
  "history.js|text/javascript|history.js")

# Readers of the files need comments and indentation, browsers do not. Comments that begin a line
# are taken away, in hexadecimal because lists of CMake have their own idea of ; and [. A line may
# begin inside of a string of several lines, so no asset has one.
function(without_comments hex result)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\1 " _text "0a${hex}")
  # Indentation and empty lines.
  string(REGEX REPLACE "0a ((0a|20) )+" "0a " _text "${_text}")
  set(_kept "")
  # /* at the start of a line up to */ at the end of one, then // up to the end of its line.
  while(_text MATCHES "0a 2f 2a ")
    string(FIND "${_text}" "0a 2f 2a " _begin)
    string(SUBSTRING "${_text}" 0 ${_begin} _before)
    string(SUBSTRING "${_text}" ${_begin} -1 _text)
    string(FIND "${_text}" "2a 2f 0a " _end)
    math(EXPR _end "${_end} + 6")
    string(SUBSTRING "${_text}" ${_end} -1 _text)
    string(APPEND _kept "${_before}")
  endwhile()
  string(APPEND _kept "${_text}")
  string(REGEX REPLACE "0a 2f 2f ((0[0-9b-f]|[1-9a-f][0-9a-f]) )*" "" _kept "${_kept}")
  string(REGEX REPLACE "^0a " "" _kept "${_kept}")
  string(REPLACE " " "" _kept "${_kept}")
  set(${result} "${_kept}" PARENT_SCOPE)
endfunction()

# What `hex` stands for by gzip, with neither time nor name. `file` is written on the way.
function(compressed hex file result)
  string(ASCII 1 _mark)
  string(REGEX REPLACE "(..)" "${_mark}\\1" _text "${hex}")
  foreach(_code RANGE 2 255)
    string(ASCII ${_code} _byte)
    string(HEX "${_byte}" _digits)
    string(REPLACE "${_mark}${_digits}" "${_byte}" _text "${_text}")
  endforeach()
  file(WRITE "${file}" "${_text}")
  file(ARCHIVE_CREATE OUTPUT "${file}.gz" PATHS "${file}" FORMAT raw
    COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(READ "${file}.gz" _gzip HEX)
  file(REMOVE "${file}" "${file}.gz")
  # A header of ten bytes, with nothing optional.
  if(NOT _gzip MATCHES "^1f8b0800............(.*)$")
    message(FATAL_ERROR "${file} was not compressed as expected")
  endif()
  set(${result} "1f8b08000000000002ff${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

set(_content "/* Made by cmake/embed_assets.cmake from static/. */\n#include \"routes/assets.h\"\n\n")
set(_table "")
foreach(_asset IN LISTS _assets)
  string(REGEX MATCH "^([^|]*)[|]([^|]*)[|](.*)$" _ "${_asset}")
  set(_file "${CMAKE_MATCH_1}")
  set(_type "${CMAKE_MATCH_2}")
  set(_parts "${CMAKE_MATCH_3}")
  string(REPLACE "." "_" _symbol "${_file}")
  get_filename_component(_name "${_file}" NAME_WE)
  get_filename_component(_extension "${_file}" EXT)
  string(SUBSTRING "${_extension}" 1 -1 _extension)
  set(_text "")
  string(REPLACE " " ";" _part_list "${_parts}")
  foreach(_part IN LISTS _part_list)
    file(READ "${SOURCE_DIR}/${_part}" _hex HEX)
    without_comments("${_hex}" _hex)
    string(APPEND _text "${_hex}")
  endforeach()
  if(_extension STREQUAL "js")
    string(HEX "(() => {\n'use strict';\n" _before)
    string(HEX "})();\n" _after)
    set(_text "${_before}${_text}${_after}")
  endif()
  string(SHA256 _hash "${_text}")
  string(SUBSTRING "${_hash}" 0 16 _hash)
  compressed("${_text}" "${OUTPUT}.${_file}" _gzip)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," _bytes "${_gzip}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
    "\\1\n" _bytes "${_bytes}")
  string(APPEND _content "static const unsigned char ${_symbol}[] = {\n${_bytes}};\n\n")
  string(APPEND _table "    {\"${_name}\", \"${_hash}\", \"${_extension}\", \"${_type}; charset=utf-8\",\n"
    "     \"${_parts}\", ${_symbol}, sizeof ${_symbol}},\n")
endforeach()
string(APPEND _content "const struct toolbar__asset toolbar__assets[] = {\n${_table}    {0},\n};\n")
file(WRITE "${OUTPUT}" "${_content}")
