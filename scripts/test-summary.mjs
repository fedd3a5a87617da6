// test-summary.mjs FOLDER...: adds up what each SUITE.status (its exit status) and SUITE.xml (ctest's JUnit report) or
// SUITE.json (Vitest's report) say, and names what failed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts */

/** @param {string} path @returns {Counts} */
function fromJUnit(path) {
  const report = readFileSync(path, 'utf8');
  const head = /<testsuite\b[^>]*>/.exec(report)?.[0] ?? '';
  /** @param {string} name */
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const skipped = count('skipped') + count('disabled');
  const failures = [...report.matchAll(/<testcase name="([^"]*)"[^>]*status="fail"/g)].map((found) => found[1] ?? '');
  return { passed: count('tests') - count('failures') - skipped, failed: count('failures'), skipped, failures };
}

/** @param {string} path @returns {Counts} */
function fromVitest(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  /** @type {{ status: string, fullName: string, failureMessages: string[] }[]} */
  const tests = report.testResults.flatMap(
    (/** @type {{ assertionResults: object[] }} */ file) => file.assertionResults,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n').slice(0, 2000)}`),
  };
}

/**
 * What a suite reported. One that failed without a failed test (a build, an import), or that ran no test, is one failure.
 * @param {string} folder @param {string} suite @returns {Counts}
 */
function countsOf(folder, suite) {
  const path = join(folder, suite);
  /** @type {Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (existsSync(`${path}.xml`)) counts = fromJUnit(`${path}.xml`);
  if (existsSync(`${path}.json`)) counts = fromVitest(`${path}.json`);
  const succeeded = readFileSync(`${path}.status`, 'utf8').trim() === '0';
  const ranTests = counts.passed + counts.failed > 0;
  if (counts.failed === 0 && !(succeeded && ranTests)) {
    counts.failed = 1;
    counts.failures.push('it failed without a failed test, or ran no test: see its output above');
  }
  return counts;
}

const suites = process.argv.slice(2).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.status'))
    .map((name) => name.replace(/\.status$/, ''))
    .map((suite) => ({ suite, ...countsOf(folder, suite) })),
);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { suite, failures } of suites)
  for (const failure of failures) console.log(`\nFAILED in ${suite}: ${failure}`);
console.log('');
for (const { suite, passed, failed, skipped } of suites) {
  console.log(`${suite.padEnd(16)} ${passed} passed, ${failed} failed, ${skipped} skipped`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && suites.length > 0 ? 0 : 1;
