/** For a test that measures time: a machine that is busy with something else may be late once or twice. */
export const timed = { retry: 3 };
