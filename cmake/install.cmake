# cmake --install: the library, the headers that its interface needs, and the package for find_package(matfac).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

target_sources(matfac PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES
  src/diversity.h
  src/errors.h
  src/factors.h
  src/fold_in.h
  src/fold_in_rules/rule.h
  src/generator.h
  src/item_lists.h
  src/item_map.h
  src/matfac.h
  src/metrics.h
  src/model.h
  src/objective.h
  src/options.h
  src/parallel.h
  src/quantized_items.h
  src/ranking.h
  src/ranking_metrics.h
  src/ranking_pass.h
  src/ratings.h
  src/recommend.h
  src/solvers/solver.h
  src/split.h
  src/trainer.h
  src/uncertainty.h
  src/warm_start.h)

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
