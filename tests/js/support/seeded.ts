import fc from 'fast-check';

// The same examples in each run, so that no test fails by chance; `npm run fuzz` looks at new ones.
fc.configureGlobal({ seed: 20_261_128 });
