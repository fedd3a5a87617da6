// The plain JavaScript side.
import { serve } from './lines.mjs';
import { startPlainSgd } from './plain-sgd.mjs';

await serve(startPlainSgd);
