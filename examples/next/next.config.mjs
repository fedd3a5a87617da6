/** On the server, the package must stay unbundled in node_modules: a bundle would not find its .wasm file. */
export default { serverExternalPackages: ['matfac'] };
