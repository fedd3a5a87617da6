# cmake --install: the library, the public headers, and the package for find_package(matfac).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# matfac.h and all that it includes, which tests/cpp/public_headers_test.cmake checks.
target_sources(matfac PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES
  src/base/errors.h
  src/base/factors.h
  src/base/function_ref.h
  src/base/index.h
  src/base/parallel.h
  src/base/quantized_rows.h
  src/base/stored_rows.h
  src/base/text.h
  src/data/features.h
  src/data/generator.h
  src/data/item_lists.h
  src/data/ratings.h
  src/data/ratings_store.h
  src/data/split.h
  src/fold_in/fold_in.h
  src/fold_in/new_rows.h
  src/fold_in/profile.h
  src/fold_in/uncertainty.h
  src/matfac.h
  src/model/model.h
  src/model/options.h
  src/model/user_times.h
  src/ranking/diversity.h
  src/ranking/item_map.h
  src/ranking/item_order.h
  src/ranking/metrics.h
  src/ranking/ranking.h
  src/ranking/ranking_metrics.h
  src/ranking/ranking_pass.h
  src/ranking/recommend.h
  src/training/kept_rows.h
  src/training/trainer.h
  src/training/warm_start.h)

install(TARGETS matfac EXPORT matfac FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/matfac
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(MATFAC_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/matfac)
install(EXPORT matfac NAMESPACE matfac:: FILE matfac-targets.cmake DESTINATION ${MATFAC_PACKAGE_DIR})
configure_package_config_file(cmake/matfac-config.cmake.in ${PROJECT_BINARY_DIR}/matfac-config.cmake
                              INSTALL_DESTINATION ${MATFAC_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/matfac-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/matfac-config.cmake ${PROJECT_BINARY_DIR}/matfac-config-version.cmake
        DESTINATION ${MATFAC_PACKAGE_DIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
