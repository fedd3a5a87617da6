// What the package contains of other projects: their licences, and a bill of materials.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, version: string, license: string, text: string }} Bundled */

/** The npm packages that these inputs of a bundle are from. @param {string[]} inputs @returns {Bundled[]} */
export function bundledPackages(inputs) {
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path);
  return [...new Set(names)].sort().map((name) => {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${folder} has no licence file`);
    return { name, version, license, text: readFileSync(join(folder, file), 'utf8').trim() };
  });
}

/** The licences require that the package includes them. @param {Bundled[]} packages */
export function noticesOf(packages) {
  const notices = packages.map(({ name, version, text }) => `${name} ${version}\n\n${text}\n`);
  return notices.join(`\n${'-'.repeat(72)}\n\n`);
}

/** What is compiled into the WebAssembly, with the versions that CMake found. @param {string} file */
function compiledLibraries(file) {
  const { eigen, emscripten } = JSON.parse(readFileSync(file, 'utf8'));
  return [
    { name: 'eigen', version: eigen, license: 'MPL-2.0', purl: `pkg:gitlab/libeigen/eigen@${eigen}` },
    // With the C and C++ libraries that it brings, musl (MIT) and libc++ (Apache-2.0 WITH LLVM-exception).
    {
      name: 'emscripten',
      version: emscripten,
      license: 'MIT',
      purl: `pkg:github/emscripten-core/emscripten@${emscripten}`,
    },
  ];
}

/**
 * The bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): without a date or a serial number, so that two
 * builds give the same bytes.
 * @param {{ name: string, version: string, license: string }} own @param {Bundled[]} packages @param {string} libraries
 */
export function billOfMaterials({ name, version, license }, packages, libraries) {
  const fromNpm = packages.map((each) => ({ ...each, purl: `pkg:npm/${each.name}@${each.version}` }));
  const component = (/** @type {{ name: string, version: string, license: string, purl: string }} */ each) => ({
    type: 'library',
    'bom-ref': each.purl,
    name: each.name,
    version: each.version,
    licenses: [{ license: { id: each.license } }],
    purl: each.purl,
  });
  const main = component({ name, version, license, purl: `pkg:npm/${name}@${version}` });
  const components = [...fromNpm, ...compiledLibraries(libraries)].map(component);
  const dependsOn = components.map((each) => each.purl);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: main },
    components,
    dependencies: [{ ref: main.purl, dependsOn }, ...dependsOn.map((ref) => ({ ref }))],
  };
}
