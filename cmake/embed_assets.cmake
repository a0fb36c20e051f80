# Writes a C file with the toolbar's assets and the hash that goes into their URLs.
# Run as a script: cmake -DSOURCE_DIR=... -DOUTPUT=... -P embed_assets.cmake
# No host tool is built for this, so cross builds work.
set(_content "/* Made by cmake/embed_assets.cmake from static/. */\n#include \"routes/assets.h\"\n\n")
set(_table "")
foreach(_asset "toolbar.css;text/css; charset=utf-8" "toolbar.js;text/javascript; charset=utf-8")
  list(POP_FRONT _asset _file)
  list(JOIN _asset "\\;" _type)
  string(REPLACE "\\;" ";" _type "${_type}")
  string(REPLACE "." "_" _symbol "${_file}")
  get_filename_component(_name "${_file}" NAME_WE)
  get_filename_component(_extension "${_file}" EXT)
  string(SUBSTRING "${_extension}" 1 -1 _extension)
  file(SHA256 "${SOURCE_DIR}/${_file}" _hash)
  string(SUBSTRING "${_hash}" 0 16 _hash)
  file(READ "${SOURCE_DIR}/${_file}" _hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," _bytes "${_hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
    "\\1\n" _bytes "${_bytes}")
  string(APPEND _content "static const unsigned char ${_symbol}[] = {\n${_bytes}0};\n\n")
  string(APPEND _table "    {\"${_name}\", \"${_hash}\", \"${_extension}\", \"${_type}\",\n"
    "     (const char *)${_symbol}, sizeof ${_symbol} - 1},\n")
endforeach()
string(APPEND _content "const struct toolbar__asset toolbar__assets[] = {\n${_table}    {0},\n};\n")
file(WRITE "${OUTPUT}" "${_content}")
