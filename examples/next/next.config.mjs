/** On the server the package is taken from node_modules as it is: bundled there, it would look for its .wasm in vain. */
export default { serverExternalPackages: ['matfac'] };
