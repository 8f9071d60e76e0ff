# vkv_link_as_loadable(<target>): makes the MODULE library <target> a SQLite extension as the design
# wants it: no prefix, in the top build directory, exporting its entry point alone, needing nothing
# but libc and libm.
set(VKV_EXPORTS ${CMAKE_CURRENT_LIST_DIR}/exports.map)

function(vkv_link_as_loadable target)
  set_target_properties(${target} PROPERTIES
    PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
    LINK_DEPENDS ${VKV_EXPORTS}
  )
  target_link_options(${target} PRIVATE
    -static-libgcc -static-libstdc++
    -Wl,--version-script=${VKV_EXPORTS} -Wl,--exclude-libs,ALL -Wl,--gc-sections -Wl,--as-needed
  )
  if(NOT VKV_SANITIZE)
    # The sanitizers' symbols come from the program that loads the extension.
    target_link_options(${target} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()
