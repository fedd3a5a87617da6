// unpack.mjs FILE FOLDER: writes each line of a corpus, in hexadecimal digits, as a file, which is what libFuzzer reads.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [file = '', folder = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
for (const [number, line] of lines.entries()) writeFileSync(join(folder, `seed-${number}`), Buffer.from(line, 'hex'));
